package org.generalvision.data.curate;

import java.nio.ByteBuffer;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;

/**
 * What near-duplicates are found and ranked by.
 *
 * @param hash perceptual hash
 * @param pixels its area
 * @param annotations how much is known about it
 */
record ImageTraits(long hash, int pixels, int annotations) {
    /** Finds the traits of an image; nothing of one that cannot be read. */
    static final Look LOOK = Reader::new;

    private static final int BYTES = Long.BYTES + 2 * Integer.BYTES;

    /** Reads what {@link #LOOK} has found. */
    static ImageTraits of(byte[] find) {
        ByteBuffer buffer = ByteBuffer.wrap(find);
        return new ImageTraits(buffer.getLong(), buffer.getInt(), buffer.getInt());
    }

    private static final class Reader implements Scan.Worker<byte[]> {
        private final PerceptualHash hash = new PerceptualHash();

        @Override
        public byte[] apply(Example example) {
            try {
                ImageHeader header = ImageHeader.parse(example.image());
                return ByteBuffer.allocate(BYTES)
                        .putLong(hash.of(example))
                        .putInt(header.height() * header.width())
                        .putInt(Annotation.count(example))
                        .array();
            } catch (UnreadableSampleException e) {
                return new byte[0];
            }
        }

        @Override
        public void close() {
            hash.close();
        }
    }
}

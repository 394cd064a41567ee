package org.generalvision.data.curate;

import java.util.function.Supplier;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;

/**
 * What near-duplicates are found and ranked by.
 *
 * @param readable whether the image can be read; if not, the rest is 0
 * @param hash perceptual hash
 * @param pixels its area
 * @param annotations how much is known about it
 */
record ImageTraits(boolean readable, long hash, int pixels, int annotations) {
    private static final ImageTraits UNREADABLE = new ImageTraits(false, 0, 0, 0);

    static Supplier<Scan.Worker<ImageTraits>> reader() {
        return Reader::new;
    }

    private static final class Reader implements Scan.Worker<ImageTraits> {
        private final PerceptualHash hash = new PerceptualHash();

        @Override
        public ImageTraits apply(Example example) {
            try {
                ImageHeader header = ImageHeader.parse(example.image());
                return new ImageTraits(
                        true, hash.of(example), header.height() * header.width(), Annotation.count(example));
            } catch (UnreadableSampleException e) {
                return UNREADABLE;
            }
        }

        @Override
        public void close() {
            hash.close();
        }
    }
}

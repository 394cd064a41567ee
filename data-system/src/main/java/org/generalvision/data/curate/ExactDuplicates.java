package org.generalvision.data.curate;

import java.security.MessageDigest;
import java.util.Map;
import org.generalvision.data.augment.PixelReader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;

/**
 * Removes all but one of the images with equal content. Of equal images the one with most annotations stays, of those the
 * first. Hashes are sorted on disk, so the memory does not grow with the number of examples.
 *
 * @param content what has to be equal
 */
public record ExactDuplicates(Content content) {
    /** What makes two images equal. */
    public enum Content {
        /** The encoded file. */
        bytes,
        /** The decoded pixels on white, whatever the format; an image that cannot be read equals none. */
        pixels;

        private Look look() {
            return this == bytes ? OfBytes::new : OfPixels::new;
        }
    }

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, CurationEngine engine, Runnable progress) {
        String reason = content == Content.bytes ? "equal bytes" : "equal pixels";
        engine.twins(
                step,
                content.look(),
                progress,
                (twin, kept) -> step.remove(
                        twin,
                        step.source().get(twin).id(),
                        reason,
                        Map.of(
                                "kept",
                                step.source().get(kept).id(),
                                "keptIndex",
                                step.source().shardIndex(kept))));
    }

    private static final class OfBytes implements Scan.Worker<byte[]> {
        private final MessageDigest digest = Sha256.digest();

        @Override
        public byte[] apply(Example example) {
            digest.update(example.image().duplicate());
            return Twins.find(digest.digest(), Annotation.count(example));
        }
    }

    private static final class OfPixels implements Scan.Worker<byte[]> {
        private final PixelReader pixels = new PixelReader();

        /** Empty for an image that cannot be read. */
        @Override
        public byte[] apply(Example example) {
            MessageDigest digest = Sha256.digest();
            try {
                pixels.digest(example.image(), digest);
            } catch (UnreadableSampleException unreadable) {
                return new byte[0];
            }
            return Twins.find(digest.digest(), Annotation.count(example));
        }

        @Override
        public void close() {
            pixels.close();
        }
    }
}

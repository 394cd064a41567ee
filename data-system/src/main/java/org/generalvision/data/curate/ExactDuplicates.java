package org.generalvision.data.curate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.generalvision.data.augment.PixelReader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.jspecify.annotations.Nullable;

/**
 * Removes all but one of the images with equal content. Of equal images the one with most annotations stays, of those the
 * first. Hashes are sorted on disk, so the memory does not grow with the number of examples.
 *
 * @param content what has to be equal
 */
public record ExactDuplicates(Content content) {
    /** SHA-256, inverted number of annotations, index: in this order the first record of a hash is the one to keep. */
    private static final int HASH = 32;

    private static final int RECORD = HASH + Integer.BYTES + Long.BYTES;

    /** Index of a twin and of the one that is kept. */
    private static final int TWINS = 2 * Long.BYTES;

    /** What makes two images equal. */
    public enum Content {
        /** The encoded file. */
        bytes,
        /** The decoded pixels on white, whatever the format; an image that cannot be read equals none. */
        pixels
    }

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, Runnable progress) {
        RecordSorter hashes = sorter(step, "hashes", RECORD);
        scan(step).run((index, sortable) -> {
            if (sortable.length > 0) {
                ByteBuffer.wrap(sortable).putLong(HASH + Integer.BYTES, index);
                hashes.add(sortable);
            }
            progress.run();
        });
        RecordSorter twins = sorter(step, "twins", TWINS);
        hashes.drain(new Neighbors(twins)::add);
        twins.drain(pair -> {
            ByteBuffer buffer = ByteBuffer.wrap(pair);
            long twin = buffer.getLong();
            long kept = buffer.getLong();
            step.remove(
                    twin,
                    step.source().get(twin).id(),
                    content == Content.bytes ? "equal bytes" : "equal pixels",
                    Map.of(
                            "kept",
                            step.source().get(kept).id(),
                            "keptIndex",
                            step.source().shardIndex(kept)));
        });
    }

    private static RecordSorter sorter(CurationStep step, String name, int width) {
        try {
            Path folder = Files.createDirectory(step.work().resolve(name));
            return new RecordSorter(folder, width, RecordSorter.RUN_RECORDS);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder in " + step.work(), e);
        }
    }

    private Scan<byte[]> scan(CurationStep step) {
        return new Scan<>(
                step.source(), Scan.threads(), content == Content.bytes ? () -> ofBytes()::apply : OfPixels::new);
    }

    private static Function<Example, byte[]> ofBytes() {
        MessageDigest digest = Sha256.digest();
        return example -> {
            digest.update(example.image().duplicate());
            return sortable(digest, example);
        };
    }

    /** A record whose index is not known yet. */
    private static byte[] sortable(MessageDigest digest, Example example) {
        return ByteBuffer.allocate(RECORD)
                .put(digest.digest())
                .putInt(Integer.MAX_VALUE - Annotation.count(example))
                .array();
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
            return sortable(digest, example);
        }

        @Override
        public void close() {
            pixels.close();
        }
    }

    /** Walks sorted records and notes each one that has the hash of the record before it. */
    private static final class Neighbors {
        private final RecordSorter twins;
        private byte @Nullable [] first;

        Neighbors(RecordSorter twins) {
            this.twins = twins;
        }

        void add(byte[] bytes) {
            if (first == null || !Arrays.equals(first, 0, HASH, bytes, 0, HASH)) {
                first = bytes;
                return;
            }
            long kept = ByteBuffer.wrap(first).getLong(HASH + Integer.BYTES);
            long twin = ByteBuffer.wrap(bytes).getLong(HASH + Integer.BYTES);
            twins.add(ByteBuffer.allocate(TWINS).putLong(twin).putLong(kept).array());
        }
    }
}

package org.generalvision.data.example;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record: an encoded image, where it comes from, under which licence, and whatever is known about it. Empty lists and
 * nulls mean "not annotated", never "known to be absent".
 *
 * @param id stable name within its source, for example {@code openclipart/animals/cat.svg}
 * @param image encoded bytes (PNG or JPEG) as stored: a read-only view, usually of mapped memory, so reading copies nothing
 * @param source name of the collection
 * @param licence SPDX identifier or name of the licence
 * @param captions texts that describe the image, the first is the main one
 * @param labels class names
 * @param absentLabels class names that somebody looked for and did not find, as Open Images and LVIS have them
 * @param boxes boxes in pixels of the stored image
 * @param masks instance or semantic masks
 * @param depth metric depth, or null
 * @param hashes of the image, or null
 * @param synthetic whether a program made the image, such as a composed scene
 */
public record Example(
        String id,
        ByteBuffer image,
        String source,
        String licence,
        List<Caption> captions,
        List<String> labels,
        List<String> absentLabels,
        List<Box> boxes,
        List<Mask> masks,
        @Nullable Depth depth,
        @Nullable Hashes hashes,
        boolean synthetic) {
    public Example {
        image = image.asReadOnlyBuffer();
        captions = List.copyOf(captions);
        labels = List.copyOf(labels);
        absentLabels = List.copyOf(absentLabels);
        boxes = List.copyOf(boxes);
        masks = List.copyOf(masks);
        for (Mask mask : masks) {
            Integer box = mask.box();
            if (box != null && box >= boxes.size()) {
                throw new IllegalArgumentException(
                        "A mask of %s belongs to box %d, but there are %d".formatted(id, box, boxes.size()));
            }
        }
    }

    /** An example of which nothing more is known yet. */
    public static ExampleBuilder builder(String id, ByteBuffer image, String source, String licence) {
        return new ExampleBuilder(id, image, source, licence);
    }

    /** This example, to be changed. */
    public ExampleBuilder toBuilder() {
        return new ExampleBuilder(id, image, source, licence)
                .captions(captions)
                .labels(labels)
                .absentLabels(absentLabels)
                .boxes(boxes)
                .masks(masks)
                .depth(depth)
                .hashes(hashes)
                .synthetic(synthetic);
    }

    /** This example with the hash of its image's content, which is computed if it has none. */
    public Example withContentHash() {
        if (hashes != null && hashes.content() != null) {
            return this;
        }
        Hashes content = Hashes.ofContent(image);
        Long perceptual = hashes == null ? null : hashes.perceptual();
        return toBuilder()
                .hashes(perceptual == null ? content : content.withPerceptual(perceptual))
                .build();
    }

    /** A text in a language (BCP 47, such as {@code en}). */
    public record Caption(String text, String language) {}

    /**
     * A labelled box, in pixels, with x and y growing right and down; {@code x2} and {@code y2} are exclusive.
     *
     * @param crowd whether the box covers a group that evaluation ignores
     */
    public record Box(double x1, double y1, double x2, double y2, String label, boolean crowd) {
        public Box {
            if (!(x2 > x1) || !(y2 > y1)) {
                throw new IllegalArgumentException(
                        "A box must have x1 < x2 and y1 < y2: (%s, %s, %s, %s)".formatted(x1, y1, x2, y2));
            }
            if (Double.isInfinite(x2 - x1) || Double.isInfinite(y2 - y1)) {
                throw new IllegalArgumentException(
                        "A box must have finite sides: (%s, %s, %s, %s)".formatted(x1, y1, x2, y2));
            }
        }
    }

    /** Depth as a 16-bit PNG: metres = value * metresPerUnit, 0 where unknown. */
    public record Depth(ByteBuffer png, double metresPerUnit) {
        public Depth {
            if (!(metresPerUnit > 0) || Double.isInfinite(metresPerUnit)) {
                throw new IllegalArgumentException(
                        "Depth must have a positive number of metres per unit: " + metresPerUnit);
            }
        }
    }

    /**
     * What equal and similar images are found by.
     *
     * @param content SHA-256 of the encoded image, or null
     * @param perceptual 64 bits, close in Hamming distance for images that look alike, or null
     */
    public record Hashes(
            @Nullable HashCode content, @Nullable Long perceptual) {
        public Hashes {
            if (content != null && content.bits() != 256) {
                throw new IllegalArgumentException("A content hash is a SHA-256 of 256 bits, not " + content.bits());
            }
        }

        /** The content hash of an encoded image. */
        public static Hashes ofContent(ByteBuffer image) {
            Hasher hasher = Hashing.sha256().newHasher();
            return new Hashes(hasher.putBytes(image.duplicate()).hash(), null);
        }

        public Hashes withPerceptual(long hash) {
            return new Hashes(content, hash);
        }
    }
}

package org.generalvision.data.example;

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
 * @param boxes boxes in pixels of the stored image
 * @param masks instance or semantic masks
 * @param depth metric depth, or null
 */
public record Example(
        String id,
        ByteBuffer image,
        String source,
        String licence,
        List<Caption> captions,
        List<String> labels,
        List<Box> boxes,
        List<Mask> masks,
        @Nullable Depth depth) {
    public Example {
        image = image.asReadOnlyBuffer();
        captions = List.copyOf(captions);
        labels = List.copyOf(labels);
        boxes = List.copyOf(boxes);
        masks = List.copyOf(masks);
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
        }
    }

    /**
     * A binary mask as COCO's uncompressed run lengths: counts of zeros and ones in turn, column by column, from zeros.
     */
    public record Mask(int height, int width, List<Integer> runs, String label) {
        public Mask {
            runs = List.copyOf(runs);
            long covered = runs.stream().mapToLong(Integer::longValue).sum();
            if (covered != (long) height * width || runs.stream().anyMatch(n -> n < 0)) {
                throw new IllegalArgumentException(
                        "Run lengths of a mask cover " + covered + " of " + height + " x " + width + " pixels");
            }
        }
    }

    /** Depth as a 16-bit PNG: metres = value * metresPerUnit, 0 where unknown. */
    public record Depth(ByteBuffer png, double metresPerUnit) {}
}

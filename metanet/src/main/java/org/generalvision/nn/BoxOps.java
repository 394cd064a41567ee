package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * Operators on boxes, each a row (x1, y1, x2, y2) in pixels with x1 <= x2 and y1 <= y2. All have gradients unless it is said
 * that they have none.
 */
public final class BoxOps {
    /** What {@link #match} says of an anchor that no truth overlaps enough. */
    public static final long BACKGROUND = -1;

    /** What {@link #match} says of an anchor that is neither background nor near enough to a truth. */
    public static final long BETWEEN = -2;

    private BoxOps() {}

    /** Intersection over union of each pair: (N, 4) and (M, 4) to (N, M). 0 where both boxes are empty. */
    public static NDArray iou(NDArray a, NDArray b) {
        return Ops.library().tensor(a, "box_iou", a, b);
    }

    /**
     * Generalized intersection over union of each pair (arXiv 1902.09630): IoU minus the share of the smallest box around both
     * that neither covers; (N, 4) and (M, 4) to (N, M), in (-1, 1].
     */
    public static NDArray generalizedIou(NDArray a, NDArray b) {
        return Ops.library().tensor(a, "box_giou", a, b);
    }

    /**
     * For each anchor the row of the truth that it overlaps most, or {@link #BACKGROUND} below {@code low}, or {@link #BETWEEN}
     * below {@code high} (arXiv 1506.01497, section 3.1.2). No gradient.
     *
     * @param anchors (N, 4)
     * @param truths (M, 4), M at least 1
     * @param rescue whether the anchors that overlap a truth most belong to it however little that is, so that no truth is left
     *     without; each then belongs to the truth that it overlaps most itself
     * @return int64 (N)
     */
    public static NDArray match(NDArray anchors, NDArray truths, double low, double high, boolean rescue) {
        return Ops.library().tensor(anchors, "match_boxes", anchors, truths, low, high, rescue);
    }

    /**
     * Offsets that turn anchors into boxes (arXiv 1311.2524, appendix C): (N, 4) and (N, 4) to (N, 4). Not finite for boxes or
     * anchors without area.
     */
    public static NDArray encode(NDArray boxes, NDArray anchors, BoxCoding coding) {
        return Ops.library()
                .tensor(boxes, "encode_boxes", boxes, anchors, coding.x(), coding.y(), coding.width(), coding.height());
    }

    /**
     * Boxes from offsets, the inverse of {@link #encode}: (..., 4 C) and anchors (..., 4) to (..., 4 C), C boxes from each
     * anchor. The logarithms of width and height are limited to {@link BoxCoding#maxLogScale}.
     */
    public static NDArray decode(NDArray offsets, NDArray anchors, BoxCoding coding) {
        return Ops.library()
                .tensor(
                        offsets,
                        "decode_boxes",
                        offsets,
                        anchors,
                        coding.x(),
                        coding.y(),
                        coding.width(),
                        coding.height(),
                        coding.maxLogScale());
    }

    /**
     * Boxes cut off at the edges of their images: (B, ..., 4) to the same shape.
     *
     * @param sizes (B, 2), height and width of each image, in the boxes' number format
     */
    public static NDArray clip(NDArray boxes, NDArray sizes) {
        return Ops.library().tensor(boxes, "clip_boxes", boxes, sizes);
    }

    /** Boxes (B, count, 4), cut off at the edges of the images, and their scores (B, count), the highest first. */
    public record Candidates(NDArray boxes, NDArray scores) {}

    /**
     * The boxes of the anchors with the highest scores. No gradient.
     *
     * @param scores (B, N)
     * @param offsets (B, N, 4)
     * @param anchors (N, 4)
     * @param sizes (B, 2), height and width of each image
     * @param count at most N
     */
    public static Candidates best(
            NDArray scores, NDArray offsets, NDArray anchors, NDArray sizes, long count, BoxCoding coding) {
        NDList best = Ops.library()
                .tensors(
                        scores,
                        "best_boxes",
                        scores,
                        offsets,
                        anchors,
                        sizes,
                        count,
                        coding.x(),
                        coding.y(),
                        coding.width(),
                        coding.height(),
                        coding.maxLogScale());
        return new Candidates(best.get(0), best.get(1));
    }

    /**
     * Predictions of a convolution as rows of anchors: (B, A K, H, W) to (B, H W A, K), cell by cell, row by row, in float32
     * or wider.
     *
     * @param width K, the numbers for each anchor
     */
    public static NDArray anchorRows(NDArray x, int width) {
        return Ops.library().tensor(x, "anchor_rows", x, width);
    }
}

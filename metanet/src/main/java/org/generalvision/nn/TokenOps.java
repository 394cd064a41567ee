package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/** Operators on the tokens of transformers: class tokens, windows and their place biases. */
public final class TokenOps {
    private TokenOps() {}

    /** A learned token (1, 1, D) in front of each sequence: (B, N, D) to (B, 1 + N, D). */
    public static NDArray prepend(NDArray x, NDArray token) {
        return Ops.library().tensor(x, "prepend_token", x, token);
    }

    /** Each sequence without its first token: (B, N, D) to (B, N - 1, D). */
    public static NDArray withoutFirst(NDArray x) {
        return Ops.library().tensor(x, "without_first_token", x);
    }

    /** Each sequence with {@code count} tokens of zeros behind it: (B, N, D) to (B, N + count, D). */
    public static NDArray fill(NDArray x, long count) {
        return Ops.library().tensor(x, "fill_tokens", x, count);
    }

    /** Mean over the tokens: (B, N, D) to (B, D). */
    public static NDArray mean(NDArray x) {
        return Ops.library().tensor(x, "mean_of_tokens", x);
    }

    /** The only entry of axis 0: (1, ...) to (...). Belongs to the manager of {@code owner}. */
    public static NDArray only(NDArray owner, NDArray x) {
        return Ops.library().tensor(owner, "only", x);
    }

    /**
     * Cuts maps (B, H, W, C) into windows: (B * windows, side * side, C), row by row. Maps are first filled up with zeros at
     * the bottom and on the right to whole windows, then moved up and left by the shifts, what leaves coming back on the other
     * side (Swin, arXiv 2103.14030, section 3.2).
     */
    public static NDArray windows(NDArray x, Windows windows) {
        return Ops.library().tensor(x, "windows", x, windows.side(), windows.shiftRows(), windows.shiftColumns());
    }

    /** Puts windows together again and takes back shift and filling: the inverse of {@link #windows}. */
    public static NDArray map(NDArray windowed, Windows windows) {
        return Ops.library()
                .tensor(
                        windowed,
                        "unwindows",
                        windowed,
                        windows.side(),
                        windows.shiftRows(),
                        windows.shiftColumns(),
                        windows.height(),
                        windows.width());
    }

    /**
     * What is added to the scores of attention inside windows: a learned bias for the distance of two places and, where the
     * shift brought places together that are not neighbors, -100.
     *
     * @param owner an array of the step: the result belongs to its manager
     * @param table (distances, heads) with (2 side - 1)^2 distances
     * @param batch number of maps
     * @return (1 or batch * windows, heads, side^2, side^2)
     */
    public static NDArray windowBias(NDArray owner, NDArray table, Windows windows, long batch) {
        return Ops.library()
                .tensor(
                        owner,
                        "window_bias",
                        table,
                        windows.side(),
                        windows.shiftRows(),
                        windows.shiftColumns(),
                        windows.height(),
                        windows.width(),
                        batch);
    }

    /**
     * Four neighbors as one place (Swin's patch merging): (B, H, W, C) to (B, ceil(H / 2), ceil(W / 2), 4 C), the channels in
     * the order upper left, lower left, upper right, lower right; odd maps are filled up with zeros.
     */
    public static NDArray mergeNeighbors(NDArray x) {
        return Ops.library().tensor(x, "merge_neighbors", x);
    }

    /**
     * How a map is cut into windows.
     *
     * @param side of a window in places
     * @param shiftRows rows that the map moves up, less than {@code side}
     * @param shiftColumns columns that the map moves left, less than {@code side}
     * @param height of the map, without filling
     * @param width of the map, without filling
     */
    public record Windows(long side, long shiftRows, long shiftColumns, long height, long width) {
        /** Windows of a map, shifted along the axes on which there is more than one window. */
        public static Windows of(long side, long shift, long height, long width) {
            return new Windows(side, height > side ? shift : 0, width > side ? shift : 0, height, width);
        }
    }
}

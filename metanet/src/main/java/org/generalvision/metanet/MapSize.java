package org.generalvision.metanet;

/** Rows and columns of a map. */
record MapSize(long height, long width) {
    /** Of the only place that pooling leaves. */
    static final MapSize ONE = new MapSize(1, 1);

    long places() {
        return height * width;
    }

    /** After a 3x3 window with padding 1 has moved over it by a stride: a rest counts as a whole step. */
    MapSize strided(int stride) {
        return new MapSize(ceilDiv(height, stride), ceilDiv(width, stride));
    }

    /** Number of windows that cover it. */
    long windows(long side) {
        return ceilDiv(height, side) * ceilDiv(width, side);
    }

    private static long ceilDiv(long size, long step) {
        return (size + step - 1) / step;
    }
}

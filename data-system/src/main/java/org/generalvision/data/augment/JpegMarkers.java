package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The marker segments of a JPEG image up to its first scan (ITU-T T.81, annex B).
 *
 * @param frameAt where the frame header (SOFn) begins, which states the size, or -1 if there is none before the scan
 * @param frameMarker which kind of frame, 0xFFC0 to 0xFFCF
 * @param scanAt where the scan header (SOS) begins, or -1 if the bytes end before it
 * @param restarts whether restart markers stand between the coded pixels
 */
record JpegMarkers(int frameAt, int frameMarker, int scanAt, boolean restarts) {
    private static final int START_OF_IMAGE = 0xFFD8;
    private static final int END_OF_IMAGE = 0xFFD9;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final int RESTART_INTERVAL = 0xFFDD;
    private static final int FRAME_HEADER_BYTES = 10;

    /**
     * Reads the markers.
     *
     * @param in the whole image, from position 0 in big-endian order
     */
    static JpegMarkers of(ByteBuffer in) {
        int frameAt = -1;
        int frameMarker = 0;
        boolean restarts = false;
        long at = 2;
        while (at + 4 <= in.limit()) {
            int marker = in.getShort((int) at) & 0xFFFF;
            int length = in.getShort((int) at + 2) & 0xFFFF;
            if (marker == 0xFFFF) { // fill byte
                at++;
            } else if (marker < 0xFFC0) {
                throw new UnreadableSampleException("broken JPEG header: no marker at byte " + at);
            } else if (marker >= 0xFFD0 && marker <= START_OF_IMAGE) { // stands alone
                at += 2;
            } else if (marker == START_OF_SCAN) {
                return new JpegMarkers(frameAt, frameMarker, (int) at, restarts);
            } else {
                if (isStartOfFrame(marker) && frameAt < 0 && at + FRAME_HEADER_BYTES <= in.limit()) {
                    frameAt = (int) at;
                    frameMarker = marker;
                }
                restarts |= marker == RESTART_INTERVAL;
                at += 2L + length;
            }
        }
        return new JpegMarkers(frameAt, frameMarker, -1, restarts);
    }

    static boolean startsImage(ByteBuffer in) {
        return in.remaining() >= 4 && (in.getShort(0) & 0xFFFF) == START_OF_IMAGE;
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
    private static boolean isStartOfFrame(int marker) {
        return marker >= 0xFFC0 && marker <= 0xFFCF && marker != 0xFFC4 && marker != 0xFFC8 && marker != 0xFFCC;
    }

    /**
     * Whether an image has its end marker. Within the coded pixels it cannot occur by chance (a byte FF is followed by 00 there), and
     * a thumbnail's own marker stands before the scan.
     */
    static boolean hasEnd(ByteBuffer in) {
        int scanAt = of(in).scanAt();
        for (int at = in.limit() - 2; scanAt >= 0 && at > scanAt; at--) {
            if (in.get(at) == (byte) 0xFF && in.get(at + 1) == (byte) 0xD9) {
                return true;
            }
        }
        return false;
    }

    int height(ByteBuffer in) {
        return in.getShort(frameAt + 5) & 0xFFFF;
    }

    int width(ByteBuffer in) {
        return in.getShort(frameAt + 7) & 0xFFFF;
    }

    /**
     * Whether the pixels are coded row by row in one go: Huffman-coded without progression, all components in one scan, no
     * restart markers, and the image ends with its last byte. Then the first rows can be decoded without the others.
     */
    boolean isSequential(ByteBuffer in) {
        return frameAt >= 0
                && (frameMarker == 0xFFC0 || frameMarker == 0xFFC1)
                && scanAt >= 0
                && scanAt + 5 < in.limit()
                && in.get(scanAt + 4) == in.get(frameAt + 9)
                && !restarts
                && (in.getShort(in.limit() - 2) & 0xFFFF) == END_OF_IMAGE;
    }

    /**
     * Makes the image one of its first rows only.
     *
     * @param in a private copy of a {@linkplain #isSequential sequential} image, which is changed
     * @return the part of it to be decoded
     */
    ByteBuffer firstRows(ByteBuffer in, int rows) {
        in.putShort(frameAt + 5, (short) rows);
        // After its last row the decoder looks for the end marker. Without one it stops at the last byte and is
        // content; with
        // one it would complain about the bytes that it has skipped.
        return in.slice(0, in.limit() - 2);
    }

    /** A view of a buffer as this class reads it. */
    static ByteBuffer view(ByteBuffer encoded) {
        return encoded.slice().order(ByteOrder.BIG_ENDIAN);
    }
}

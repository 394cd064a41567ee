package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Size and kind of an encoded image, read from its first bytes, so that an absurd size is refused before a decoder
 * allocates anything.
 *
 * @param format what the bytes are
 * @param height rows of the stored image; a rotation stated in EXIF data is not applied
 * @param width columns of the stored image
 * @param transparency whether the image has an alpha channel or a transparent color
 */
public record ImageHeader(Format format, int height, int width, boolean transparency) {
    /** Largest number of pixels that is decoded. */
    public static final long MAX_PIXELS = 1L << 26;

    /** Largest side in pixels. */
    public static final int MAX_SIDE = 1 << 15;

    /** Largest ratio of the sides: beyond it, resizing the short side would blow up the long one. */
    public static final int MAX_ASPECT = 200;

    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int TRNS = 0x74524E53;

    public ImageHeader {
        if (height <= 0 || width <= 0 || height > MAX_SIDE || width > MAX_SIDE || (long) height * width > MAX_PIXELS) {
            throw new UnreadableSampleException(
                    "image of %d x %d pixels (height x width): sides must be 1 to %d and the area at most %d pixels"
                            .formatted(height, width, MAX_SIDE, MAX_PIXELS));
        }
        if (Math.max(height, width) > (long) MAX_ASPECT * Math.min(height, width)) {
            throw new UnreadableSampleException(
                    "image of %d x %d pixels (height x width): one side is more than %d times the other"
                            .formatted(height, width, MAX_ASPECT));
        }
    }

    /** The formats that are read. */
    public enum Format {
        JPEG,
        PNG
    }

    /**
     * Reads the header of a PNG or JPEG image.
     *
     * @throws UnreadableSampleException if the bytes are neither, end too early, or state a size beyond the limits
     */
    public static ImageHeader parse(ByteBuffer encoded) {
        ByteBuffer in = encoded.slice().order(ByteOrder.BIG_ENDIAN);
        if (in.remaining() >= 33 && in.getLong(0) == PNG_SIGNATURE && in.getInt(12) == IHDR) {
            return png(in);
        }
        if (in.remaining() >= 4 && (in.getShort(0) & 0xFFFF) == 0xFFD8) {
            return jpeg(in);
        }
        throw new UnreadableSampleException("neither a PNG nor a JPEG image (" + in.remaining() + " bytes)");
    }

    static void requireSide(String name, int pixels) {
        if (pixels <= 0 || pixels > MAX_SIDE) {
            throw new IllegalArgumentException("%s must be 1 to %d pixels: %d".formatted(name, MAX_SIDE, pixels));
        }
    }

    private static ImageHeader png(ByteBuffer in) {
        int colorType = in.get(25);
        boolean alpha = (colorType & 4) != 0 || hasTransparentColor(in);
        return new ImageHeader(Format.PNG, in.getInt(20), in.getInt(16), alpha);
    }

    /** Whether a tRNS chunk stands before the first pixels, where the format wants it. */
    private static boolean hasTransparentColor(ByteBuffer in) {
        long at = 8;
        while (at + 8 <= in.limit()) {
            int length = in.getInt((int) at);
            int type = in.getInt((int) at + 4);
            if (type == TRNS) {
                return true;
            }
            if (type == IDAT || length < 0) {
                return false;
            }
            at += 12L + length;
        }
        return false;
    }

    private static ImageHeader jpeg(ByteBuffer in) {
        long at = 2;
        while (at + 4 <= in.limit()) {
            int marker = in.getShort((int) at) & 0xFFFF;
            if (marker == 0xFFFF) { // fill byte
                at++;
                continue;
            }
            if (marker < 0xFFC0) {
                throw new UnreadableSampleException("broken JPEG header: no marker at byte " + at);
            }
            if (isStartOfFrame(marker)) {
                if (at + 9 > in.limit()) {
                    break;
                }
                int height = in.getShort((int) at + 5) & 0xFFFF;
                int width = in.getShort((int) at + 7) & 0xFFFF;
                return new ImageHeader(Format.JPEG, height, width, false);
            }
            boolean alone = marker >= 0xFFD0 && marker <= 0xFFD8;
            at += alone ? 2 : 2L + (in.getShort((int) at + 2) & 0xFFFF);
        }
        throw new UnreadableSampleException("JPEG image ends before its size is stated (" + in.limit() + " bytes)");
    }

    /** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
    private static boolean isStartOfFrame(int marker) {
        return marker >= 0xFFC0 && marker <= 0xFFCF && marker != 0xFFC4 && marker != 0xFFC8 && marker != 0xFFCC;
    }
}

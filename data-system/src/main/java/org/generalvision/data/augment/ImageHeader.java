package org.generalvision.data.augment;

import java.nio.ByteBuffer;

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

    /** The most that deflate, which PNG uses, makes out of one byte. */
    private static final int MAX_DEFLATE_RATIO = 1032;

    /** JPEG spends at least a bit on the mean of each block of 64 pixels; twice that for safety. */
    private static final int MAX_JPEG_PIXELS_PER_BYTE = 2 * 8 * 64;

    private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int IHDR = 0x49484452;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
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
        PNG,
        WEBP
    }

    /**
     * Reads the header of a JPEG, PNG or WebP image.
     *
     * @throws UnreadableSampleException if the bytes are neither, end too early, or state a size beyond the limits
     */
    public static ImageHeader parse(ByteBuffer encoded) {
        ByteBuffer in = JpegMarkers.view(encoded);
        if (in.remaining() >= 33 && in.getLong(0) == PNG_SIGNATURE && in.getInt(12) == IHDR) {
            return png(in);
        }
        if (JpegMarkers.startsImage(in)) {
            return jpeg(in);
        }
        if (WebpHeader.startsImage(in)) {
            return webp(in);
        }
        throw new UnreadableSampleException("neither a JPEG nor a PNG nor a WebP image (" + in.remaining() + " bytes)");
    }

    /** Refuses an image that has this header but lacks the mark that its format ends with. */
    void requireEnd(ByteBuffer encoded) {
        ByteBuffer in = JpegMarkers.view(encoded);
        boolean whole = switch (format) {
            case JPEG -> JpegMarkers.hasEnd(in);
            case PNG -> hasPngEnd(in);
            case WEBP -> WebpHeader.hasEnd(in);
        };
        if (!whole) {
            throw new UnreadableSampleException(
                    "%s image of %d bytes ends early: it was cut off".formatted(format, in.limit()));
        }
    }

    private static boolean hasPngEnd(ByteBuffer in) {
        long at = 8;
        while (at + 12 <= in.limit()) {
            int length = in.getInt((int) at);
            if (in.getInt((int) at + 4) == IEND) {
                return true;
            }
            if (length < 0) {
                return false;
            }
            at += 12L + length;
        }
        return false;
    }

    static void requireSide(String name, int pixels) {
        if (pixels <= 0 || pixels > MAX_SIDE) {
            throw new IllegalArgumentException("%s must be 1 to %d pixels: %d".formatted(name, MAX_SIDE, pixels));
        }
    }

    private static ImageHeader png(ByteBuffer in) {
        int colorType = in.get(25);
        boolean alpha = (colorType & 4) != 0 || hasTransparentColor(in);
        ImageHeader header = new ImageHeader(Format.PNG, in.getInt(20), in.getInt(16), alpha);
        int channels = (colorType & 1) != 0 ? 1 : ((colorType & 2) != 0 ? 3 : 1) + (colorType & 4) / 4;
        header.requirePossible(in.limit(), MAX_DEFLATE_RATIO * 8 / Math.max(1, channels * in.get(24)));
        return header;
    }

    /** Refuses a size that no encoder can have packed into so few bytes, however plain the image. */
    private void requirePossible(int numBytes, int maxPixelsPerByte) {
        if ((long) height * width > (long) maxPixelsPerByte * numBytes) {
            throw new UnreadableSampleException("%s image of %d bytes cannot hold the %d x %d pixels that it states"
                    .formatted(format, numBytes, height, width));
        }
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

    private static ImageHeader webp(ByteBuffer in) {
        WebpHeader webp = WebpHeader.of(in);
        return new ImageHeader(Format.WEBP, webp.height(), webp.width(), webp.alpha());
    }

    private static ImageHeader jpeg(ByteBuffer in) {
        JpegMarkers markers = JpegMarkers.of(in);
        if (markers.frameAt() < 0) {
            throw new UnreadableSampleException("JPEG image ends before its size is stated (" + in.limit() + " bytes)");
        }
        ImageHeader header = new ImageHeader(Format.JPEG, markers.height(in), markers.width(in), false);
        header.requirePossible(in.limit(), MAX_JPEG_PIXELS_PER_BYTE);
        return header;
    }
}

package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a WebP file says of its image (Google's "WebP Container Specification", RFC 6386 for the lossy and RFC 9649 for the
 * lossless stream). Animations are refused: they are not one image.
 *
 * @param alpha whether pixels may be transparent
 */
record WebpHeader(int height, int width, boolean alpha) {
    private static final int RIFF = 0x52494646;
    private static final int WEBP = 0x57454250;
    private static final int LOSSY = 0x56503820;
    private static final int LOSSLESS = 0x5650384C;
    private static final int EXTENDED = 0x56503858;

    private static final int HEADER_BYTES = 30;
    private static final int ALPHA_FLAG = 0x10;
    private static final int ANIMATION_FLAG = 0x02;
    private static final int LOSSLESS_SIGNATURE = 0x2F;
    private static final int LOSSY_START_CODE = 0x9D012A;
    private static final int SIDE_MASK = 0x3FFF;

    static boolean startsImage(ByteBuffer in) {
        return in.remaining() >= 12 && in.getInt(0) == RIFF && in.getInt(8) == WEBP;
    }

    /**
     * Reads the header.
     *
     * @param in the whole file, from position 0 in big-endian order
     */
    static WebpHeader of(ByteBuffer in) {
        if (in.limit() < HEADER_BYTES) {
            throw new UnreadableSampleException("WebP image ends before its size is stated (" + in.limit() + " bytes)");
        }
        ByteBuffer little = in.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return switch (in.getInt(12)) {
            case LOSSY -> lossy(in, little);
            case LOSSLESS -> lossless(little);
            case EXTENDED -> extended(in, little);
            default -> throw new UnreadableSampleException("WebP file without an image");
        };
    }

    /** Whether the file has the length that it states; the last byte of padding is often left out. */
    static boolean hasEnd(ByteBuffer in) {
        long stated = in.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
        return stated + 8 <= in.limit() + 1L;
    }

    private static WebpHeader lossy(ByteBuffer in, ByteBuffer little) {
        if ((in.getInt(22) & 0xFFFFFF) != LOSSY_START_CODE) {
            throw new UnreadableSampleException("broken WebP header: no start of a key frame");
        }
        return new WebpHeader(little.getShort(28) & SIDE_MASK, little.getShort(26) & SIDE_MASK, false);
    }

    private static WebpHeader lossless(ByteBuffer little) {
        if (little.get(20) != LOSSLESS_SIGNATURE) {
            throw new UnreadableSampleException("broken WebP header: no signature of the lossless stream");
        }
        int bits = little.getInt(21);
        return new WebpHeader((bits >>> 14 & SIDE_MASK) + 1, (bits & SIDE_MASK) + 1, (bits >>> 28 & 1) == 1);
    }

    private static WebpHeader extended(ByteBuffer in, ByteBuffer little) {
        int flags = in.get(20);
        if ((flags & ANIMATION_FLAG) != 0) {
            throw new UnreadableSampleException("animated WebP, which is not one image");
        }
        int width = (little.getInt(24) & 0xFFFFFF) + 1;
        int height = (little.getInt(26) >>> 8) + 1;
        return new WebpHeader(height, width, (flags & ALPHA_FLAG) != 0);
    }
}

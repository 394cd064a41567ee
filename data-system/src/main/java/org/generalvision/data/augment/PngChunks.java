package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The chunks of a PNG image before its pixels (PNG specification, third edition, section 5). Pixels are taken as they are stored,
 * whatever their color space, so chunks that describe it are of no use; but libpng complains on standard error of many that
 * common programs have written, once for each time that an image is decoded.
 */
final class PngChunks {
    private static final int SIGNATURE = 8;
    /** Length, type and checksum. */
    private static final int FRAME = 12;

    private static final int IDAT = 0x49444154;
    private static final Set<Integer> COLOR_SPACES = Set.of(0x69434350, 0x73524742); // iCCP, sRGB

    private PngChunks() {}

    /** Whether a chunk before the pixels describes a color space. */
    static boolean stateColorSpace(ByteBuffer png) {
        ByteBuffer bytes = png.slice();
        for (int at = SIGNATURE; isBeforePixels(bytes, at); at = next(bytes, at)) {
            if (COLOR_SPACES.contains(type(bytes, at))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes these chunks out.
     *
     * @param png from position 0; changed, and returned with another limit
     */
    static ByteBuffer withoutColorSpace(ByteBuffer png) {
        int at = SIGNATURE;
        int kept = SIGNATURE;
        while (isBeforePixels(png, at)) {
            int next = next(png, at);
            if (!COLOR_SPACES.contains(type(png, at))) {
                png.put(kept, png, at, next - at);
                kept += next - at;
            }
            at = next;
        }
        png.put(kept, png, at, png.limit() - at);
        return png.limit(kept + png.limit() - at);
    }

    /** Whether a whole chunk lies there that does not begin the pixels. */
    private static boolean isBeforePixels(ByteBuffer png, int at) {
        return at <= png.limit() - FRAME
                && type(png, at) != IDAT
                && png.getInt(at) >= 0
                && png.getInt(at) <= png.limit() - FRAME - at;
    }

    private static int type(ByteBuffer png, int at) {
        return png.getInt(at + Integer.BYTES);
    }

    private static int next(ByteBuffer png, int at) {
        return at + FRAME + png.getInt(at);
    }
}

package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** Decodes JPEG, PNG and WebP into 8-bit blue, green, red. Holds the last image until closed. */
final class ImageDecoder implements AutoCloseable {
    /** The JPEG decoder can leave out detail: it decodes at 1/2, 1/4 or 1/8 of the size for a fraction of the time. */
    static final int MAX_REDUCTION = 8;

    /**
     * Rows decoded below the last one that is seen: a JPEG row takes its color from neighbors too, at the strongest reduction
     * from those 8 pixels away, and a window may be rounded down by as much.
     */
    private static final int CONTEXT_ROWS = 16;

    static {
        // Workers are the parallelism; threads below each of them would only wait for each other.
        opencv_core.setNumThreads(1);
    }

    private final Mat stored = new Mat();
    private final Mat image = new Mat();
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0);

    /** The largest reduction after which the window still has at least the pixels that it is resized to. */
    static int reductionFor(ImageHeader header, Crop.Window window) {
        if (header.format() != ImageHeader.Format.JPEG) {
            return 1;
        }
        int reduction = MAX_REDUCTION;
        while (reduction > 1
                && (window.width() / reduction < window.resized().width()
                        || window.height() / reduction < window.resized().height())) {
            reduction /= 2;
        }
        return reduction;
    }

    /**
     * Decodes an image, valid until the next call.
     *
     * @param detail how much of it is needed
     */
    Mat decode(ByteBuffer encoded, ImageHeader header, Detail detail, Background background) {
        Mat target = header.transparency() ? stored : image;
        int flags = flags(header, detail.reduction());
        ByteBuffer top = topRows(encoded, header, detail.rows());
        int height = header.height();
        if (top != null && decode(top, flags, target)) {
            height = detail.rows();
        } else if (!decode(whole(encoded, header), flags, target)) {
            throw new UnreadableSampleException("broken %s image (%d bytes, %d x %d pixels)"
                    .formatted(header.format(), encoded.remaining(), header.height(), header.width()));
        }
        int rows = ceilDiv(height, detail.reduction());
        int columns = ceilDiv(header.width(), detail.reduction());
        if (target.rows() != rows || target.cols() != columns) {
            throw new UnreadableSampleException("%s image of stated %d x %d pixels decodes to %d x %d, not to %d x %d"
                    .formatted(
                            header.format(),
                            header.height(),
                            header.width(),
                            target.rows(),
                            target.cols(),
                            rows,
                            columns));
        }
        if (header.transparency()) {
            compose(background);
        }
        return image;
    }

    /**
     * How much of an image is decoded.
     *
     * @param reduction 1, 2, 4 or 8; the result has the stored size divided by it, rounded up
     * @param rows of the stored image, from the top; the result may have more
     */
    record Detail(int reduction, int rows) {
        /** All that the windows show, at the lowest resolution that none of them has to enlarge again. */
        static Detail of(ImageHeader header, List<Crop.Window> windows) {
            int reduction = MAX_REDUCTION;
            int bottom = 0;
            for (Crop.Window window : windows) {
                reduction = Math.min(reduction, reductionFor(header, window));
                bottom = Math.max(bottom, window.top() + window.height());
            }
            return new Detail(reduction, Math.min(header.height(), bottom + CONTEXT_ROWS));
        }
    }

    /** The image cut below the rows, or null if it cannot be cut or there is too little to gain. */
    private @Nullable ByteBuffer topRows(ByteBuffer encoded, ImageHeader header, int rows) {
        if (header.format() != ImageHeader.Format.JPEG || rows > header.height() - CONTEXT_ROWS) {
            return null;
        }
        ByteBuffer in = JpegMarkers.view(encoded);
        JpegMarkers markers = JpegMarkers.of(in);
        return markers.isSequential(in) ? markers.firstRows(JpegMarkers.view(copy(encoded)), rows) : null;
    }

    private ByteBuffer whole(ByteBuffer encoded, ImageHeader header) {
        return header.format() == ImageHeader.Format.PNG && PngChunks.stateColorSpace(encoded)
                ? PngChunks.withoutColorSpace(copy(encoded))
                : direct(encoded);
    }

    Mat decoded() {
        return image;
    }

    private static boolean decode(ByteBuffer encoded, int flags, Mat target) {
        try (BytePointer bytes = new BytePointer(encoded);
                Mat input = new Mat(1, encoded.remaining(), opencv_core.CV_8UC1, bytes);
                Mat decoded = opencv_imgcodecs.imdecode(input, flags, target)) {
            return !decoded.empty();
        }
    }

    /** The same bytes where native code can read them, beginning at position 0. */
    private ByteBuffer direct(ByteBuffer encoded) {
        return encoded.isDirect() ? encoded.slice() : copy(encoded);
    }

    private ByteBuffer copy(ByteBuffer encoded) {
        if (scratch.capacity() < encoded.remaining()) {
            scratch = ByteBuffer.allocateDirect(encoded.remaining() + encoded.remaining() / 2);
        }
        scratch.clear();
        return scratch.put(encoded.duplicate()).flip();
    }

    private static int flags(ImageHeader header, int reduction) {
        if (header.transparency()) {
            return opencv_imgcodecs.IMREAD_UNCHANGED;
        }
        // Annotations are in pixels of the stored image, so a rotation stated in EXIF data is not applied.
        int color = switch (reduction) {
            case 1 -> opencv_imgcodecs.IMREAD_COLOR;
            case 2 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
            case 4 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
            case 8 -> opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
            default -> throw new IllegalStateException("no such reduction: " + reduction);
        };
        return color | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
    }

    /** Puts the stored image with its alpha channel on a background. */
    private void compose(Background background) {
        if (stored.depth() == opencv_core.CV_16U) {
            stored.convertTo(stored, opencv_core.CV_8U, 1 / 257.0, 0);
        }
        if (stored.channels() != 4 || stored.depth() != opencv_core.CV_8U) {
            throw new UnreadableSampleException("image with transparency decodes to %d channels of depth %d"
                    .formatted(stored.channels(), stored.depth()));
        }
        image.create(stored.rows(), stored.cols(), opencv_core.CV_8UC3);
        ByteBuffer from = stored.createBuffer();
        ByteBuffer to = image.createBuffer();
        int numPixels = stored.rows() * stored.cols();
        for (int i = 0; i < numPixels; i++) {
            int alpha = from.get(4 * i + 3) & 0xFF;
            to.put(3 * i, over(from.get(4 * i), background.blue(), alpha));
            to.put(3 * i + 1, over(from.get(4 * i + 1), background.green(), alpha));
            to.put(3 * i + 2, over(from.get(4 * i + 2), background.red(), alpha));
        }
    }

    private static byte over(byte color, int background, int alpha) {
        return (byte) (((color & 0xFF) * alpha + background * (255 - alpha) + 127) / 255);
    }

    private static int ceilDiv(int value, int divisor) {
        return (value + divisor - 1) / divisor;
    }

    @Override
    public void close() {
        stored.close();
        image.close();
    }
}

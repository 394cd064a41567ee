package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Decodes JPEG and PNG into 8-bit blue, green, red. Holds the last image until closed. */
final class ImageDecoder implements AutoCloseable {
    /** The JPEG decoder can leave out detail: it decodes at 1/2, 1/4 or 1/8 of the size for a fraction of the time. */
    static final int MAX_REDUCTION = 8;

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
     * @param reduction 1, 2, 4 or 8; the result has the stored size divided by it, rounded up
     */
    Mat decode(ByteBuffer encoded, ImageHeader header, int reduction, Background background) {
        Mat target = header.transparency() ? stored : image;
        if (!decode(direct(encoded), flags(header, reduction), target)) {
            throw new UnreadableSampleException("broken %s image (%d bytes, %d x %d pixels)"
                    .formatted(header.format(), encoded.remaining(), header.height(), header.width()));
        }
        if (target.rows() != ceilDiv(header.height(), reduction)
                || target.cols() != ceilDiv(header.width(), reduction)) {
            throw new UnreadableSampleException("%s image states %d x %d pixels but decodes to %d x %d at reduction %d"
                    .formatted(
                            header.format(), header.height(), header.width(), target.rows(), target.cols(), reduction));
        }
        if (header.transparency()) {
            compose(background);
        }
        return image;
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
        if (encoded.isDirect()) {
            return encoded.slice();
        }
        if (scratch.capacity() < encoded.remaining()) {
            scratch = ByteBuffer.allocateDirect(encoded.remaining());
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
            throw new UnreadableSampleException("PNG image with transparency decodes to %d channels of depth %d"
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

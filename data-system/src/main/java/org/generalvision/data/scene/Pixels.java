package org.generalvision.data.scene;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;

/** Between encoded images and plain arrays. OpenCV's own encoders: the same pixels give the same bytes. */
final class Pixels {
    /** The fastest of zlib: a scene's noise hardly shrinks further. */
    private static final int PNG_LEVEL = 1;

    private static final int MAX = 255;

    static {
        // Scenes are made side by side; threads below each of them would only wait for each other.
        opencv_core.setNumThreads(1);
    }

    private Pixels() {}

    /** An image with its opacity, unrounded and not premultiplied. */
    static final class Decoded {
        private final int height;
        private final int width;
        private final byte[] rgba;

        /**
         * @param rgba red, green, blue, alpha of each pixel, row by row
         */
        Decoded(int height, int width, byte[] rgba) {
            this.height = height;
            this.width = width;
            this.rgba = rgba;
        }

        int height() {
            return height;
        }

        int width() {
            return width;
        }

        byte[] rgba() {
            return rgba;
        }

        int alpha(int pixel) {
            return rgba[4 * pixel + 3] & MAX;
        }
    }

    /**
     * Decodes a PNG with an alpha channel.
     *
     * @throws IllegalArgumentException if it is none, or too large, or broken
     */
    static Decoded decodeCutout(ByteBuffer encoded) {
        ImageHeader header = header(encoded);
        if (!header.transparency()) {
            throw new IllegalArgumentException("has no alpha channel, so nothing says where the object ends");
        }
        try (Mat image = decode(encoded, opencv_imgcodecs.IMREAD_UNCHANGED)) {
            if (image.depth() == opencv_core.CV_16U) {
                image.convertTo(image, opencv_core.CV_8U, 1 / 257.0, 0);
            }
            if (image.channels() != 4 || image.depth() != opencv_core.CV_8U) {
                throw new IllegalArgumentException("decodes to %d channels of depth %d instead of color and alpha"
                        .formatted(image.channels(), image.depth()));
            }
            byte[] rgba = bytes(image);
            for (int i = 0; i < rgba.length; i += 4) {
                byte blue = rgba[i];
                rgba[i] = rgba[i + 2];
                rgba[i + 2] = blue;
            }
            return new Decoded(image.rows(), image.cols(), rgba);
        }
    }

    /** Decodes a photograph to 8-bit blue, green, red with a short side of about the pixels given, if it has as many. */
    static Mat decodePhoto(ByteBuffer encoded, int shortSide) {
        ImageHeader header = header(encoded);
        int stored = Math.min(header.height(), header.width());
        boolean jpeg = header.format() == ImageHeader.Format.JPEG;
        int flags = opencv_imgcodecs.IMREAD_COLOR;
        if (jpeg && stored >= 8 * shortSide) {
            flags = opencv_imgcodecs.IMREAD_REDUCED_COLOR_8;
        } else if (jpeg && stored >= 4 * shortSide) {
            flags = opencv_imgcodecs.IMREAD_REDUCED_COLOR_4;
        } else if (jpeg && stored >= 2 * shortSide) {
            flags = opencv_imgcodecs.IMREAD_REDUCED_COLOR_2;
        }
        return decode(encoded, flags | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION);
    }

    private static ImageHeader header(ByteBuffer encoded) {
        try {
            return ImageHeader.parse(encoded);
        } catch (UnreadableSampleException e) {
            throw new IllegalArgumentException("is no image that can be read: " + e.getMessage(), e);
        }
    }

    private static Mat decode(ByteBuffer encoded, int flags) {
        byte[] copy = new byte[encoded.remaining()];
        encoded.duplicate().get(copy);
        try (BytePointer bytes = new BytePointer(copy);
                Mat input = new Mat(1, copy.length, opencv_core.CV_8UC1, bytes)) {
            Mat image = opencv_imgcodecs.imdecode(input, flags);
            if (image.empty()) {
                image.close();
                throw new IllegalArgumentException("is a broken image of " + copy.length + " bytes");
            }
            return image;
        }
    }

    /** The pixels of an 8-bit image, row by row. */
    static byte[] bytes(Mat image) {
        byte[] bytes = new byte[image.rows() * image.cols() * image.channels()];
        ByteBuffer pixels = image.createBuffer();
        pixels.get(bytes);
        return bytes;
    }

    /**
     * Encodes colors.
     *
     * @param rgb red, green, blue of each pixel, row by row; rounded and cut to 0..255
     */
    static ByteBuffer encode(float[] rgb, int height, int width, SceneConfig.Output output) {
        byte[] bgr = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i += 3) {
            bgr[i] = level(rgb[i + 2]);
            bgr[i + 1] = level(rgb[i + 1]);
            bgr[i + 2] = level(rgb[i]);
        }
        try (Mat image = new Mat(height, width, opencv_core.CV_8UC3)) {
            ByteBuffer pixels = image.createBuffer();
            pixels.put(bgr);
            return switch (output.format()) {
                case PNG -> encode(".png", image, opencv_imgcodecs.IMWRITE_PNG_COMPRESSION, PNG_LEVEL);
                case JPEG -> encode(".jpg", image, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, output.quality());
            };
        }
    }

    private static byte level(float value) {
        return (byte) Math.max(0, Math.min(MAX, Math.round(value)));
    }

    /**
     * Encodes depth as a 16-bit PNG.
     *
     * @param metres of each pixel, row by row, 0 where unknown
     */
    static ByteBuffer encodeDepth(float[] metres, int height, int width, double metresPerUnit) {
        short[] units = new short[metres.length];
        for (int i = 0; i < metres.length; i++) {
            units[i] = (short) Math.round(metres[i] / metresPerUnit);
        }
        try (Mat image = new Mat(height, width, opencv_core.CV_16UC1)) {
            ShortBuffer pixels = image.createBuffer();
            pixels.put(units);
            return encode(".png", image, opencv_imgcodecs.IMWRITE_PNG_COMPRESSION, PNG_LEVEL);
        }
    }

    private static ByteBuffer encode(String extension, Mat image, int setting, int value) {
        try (BytePointer encoded = new BytePointer();
                IntPointer settings = new IntPointer(setting, value)) {
            if (!opencv_imgcodecs.imencode(extension, image, encoded, settings)) {
                throw new IllegalStateException("A scene cannot be encoded as " + extension);
            }
            byte[] bytes = new byte[Math.toIntExact(encoded.limit())];
            encoded.get(bytes);
            return ByteBuffer.wrap(bytes);
        }
    }
}

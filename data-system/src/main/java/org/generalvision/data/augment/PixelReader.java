package org.generalvision.data.augment;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Looks at the pixels of whole images, transparent ones put on white. Not safe for use by several threads. */
public final class PixelReader implements AutoCloseable {
    private final ImageDecoder decoder = new ImageDecoder();
    private final Mat gray = new Mat();
    private final Mat small = new Mat();

    /**
     * The image as a small square of gray values, row by row in [0, 255], whatever its aspect ratio: each is the mean of an
     * area where the image is larger than the square.
     *
     * @param encoded PNG or JPEG
     * @param side pixels of the square's side
     * @throws UnreadableSampleException if the image is broken, of another format, or beyond the limits of {@link
     *     ImageHeader}
     */
    public double[] thumbnail(ByteBuffer encoded, int side) {
        ImageHeader header = ImageHeader.parse(encoded);
        Mat image = decoder.decode(
                encoded, header, new ImageDecoder.Detail(reduction(header, side), header.height()), Background.WHITE);
        opencv_imgproc.cvtColor(image, gray, opencv_imgproc.COLOR_BGR2GRAY);
        boolean shrinks = gray.rows() >= side && gray.cols() >= side;
        try (Size size = new Size(side, side)) {
            opencv_imgproc.resize(
                    gray, small, size, 0, 0, shrinks ? opencv_imgproc.INTER_AREA : opencv_imgproc.INTER_LINEAR);
        }
        ByteBuffer values = small.createBuffer();
        double[] result = new double[side * side];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i) & 0xFF;
        }
        return result;
    }

    /** A JPEG is decoded no finer than at four times the square: what is finer is averaged away all the same. */
    private static int reduction(ImageHeader header, int side) {
        int reduction = 1;
        while (header.format() == ImageHeader.Format.JPEG
                && reduction < ImageDecoder.MAX_REDUCTION
                && Math.min(header.height(), header.width()) >= 8 * side * reduction) {
            reduction *= 2;
        }
        return reduction;
    }

    /**
     * Feeds a digest with size and colors of the image, so that equal pictures in different formats are equal.
     *
     * @throws UnreadableSampleException as {@link #thumbnail}
     */
    public void digest(ByteBuffer encoded, MessageDigest digest) {
        ImageHeader header = ImageHeader.parse(encoded);
        Mat image = decoder.decode(encoded, header, new ImageDecoder.Detail(1, header.height()), Background.WHITE);
        digest.update(ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(image.rows())
                .putInt(image.cols())
                .flip());
        ByteBuffer pixels = image.createBuffer();
        digest.update(pixels);
    }

    /**
     * The whole image at its stored size, for people to look at.
     *
     * @throws UnreadableSampleException as {@link #thumbnail}
     */
    public BufferedImage image(ByteBuffer encoded) {
        ImageHeader header = ImageHeader.parse(encoded);
        Mat image = decoder.decode(encoded, header, new ImageDecoder.Detail(1, header.height()), Background.WHITE);
        BufferedImage copy = new BufferedImage(image.cols(), image.rows(), BufferedImage.TYPE_3BYTE_BGR);
        ByteBuffer values = image.createBuffer();
        values.get(((DataBufferByte) copy.getRaster().getDataBuffer()).getData());
        return copy;
    }

    /**
     * Pixels of an image: blue, green, red, row by row.
     *
     * @param bgr direct buffer of height x width x 3 bytes, valid until the reader looks at another image
     */
    public record Pixels(int height, int width, ByteBuffer bgr) {}

    /**
     * The whole image, shrunk so that no side has more than {@code longestSide} pixels.
     *
     * @throws UnreadableSampleException as {@link #thumbnail}
     */
    public Pixels shrunk(ByteBuffer encoded, int longestSide) {
        ImageHeader header = ImageHeader.parse(encoded);
        Mat image = decoder.decode(encoded, header, new ImageDecoder.Detail(1, header.height()), Background.WHITE);
        double factor = (double) longestSide / Math.max(image.rows(), image.cols());
        if (factor >= 1) {
            return new Pixels(image.rows(), image.cols(), image.createBuffer());
        }
        int height = (int) Math.max(1, Math.round(factor * image.rows()));
        int width = (int) Math.max(1, Math.round(factor * image.cols()));
        try (Size size = new Size(width, height)) {
            opencv_imgproc.resize(image, small, size, 0, 0, opencv_imgproc.INTER_AREA);
        }
        return new Pixels(height, width, small.createBuffer());
    }

    /**
     * Decodes all of an image, and makes sure that it does not end early: decoders fill what is missing with gray and say nothing.
     *
     * @return its header
     * @throws UnreadableSampleException as {@link #thumbnail}, or if the bytes end before the image does
     */
    public ImageHeader requireWhole(ByteBuffer encoded) {
        ImageHeader header = ImageHeader.parse(encoded);
        header.requireEnd(encoded);
        decoder.decode(encoded, header, new ImageDecoder.Detail(1, header.height()), Background.WHITE);
        return header;
    }

    @Override
    public void close() {
        decoder.close();
        gray.close();
        small.close();
    }
}

package org.generalvision.data.augment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.BiConsumer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The 8-bit image (blue, green, red) that augmentations work on, with room for the next version of it, so that a worker
 * allocates no pixels once it is warm. Not safe for use by several threads.
 */
public final class Canvas implements AutoCloseable {
    static final int NUM_CHANNELS = 3;

    private final Mat luma = new Mat();
    private Mat image = new Mat();
    private Mat next = new Mat();
    private boolean mirrored;

    Canvas() {}

    Mat image() {
        return image;
    }

    /** Replaces the image by what {@code change} writes, given the image and the place for the new one. */
    void change(BiConsumer<Mat, Mat> change) {
        change.accept(image, next);
        Mat old = image;
        image = next;
        next = old;
    }

    /** Notes that left and right were swapped. */
    void noteMirror() {
        mirrored = !mirrored;
    }

    /** Notes that a new image begins, as it is stored. */
    void noteBegin() {
        mirrored = false;
    }

    /** Whether left and right are swapped against the stored image. */
    boolean mirrored() {
        return mirrored;
    }

    /** One channel, 0.299 R + 0.587 G + 0.114 B; valid until the next call. */
    Mat luma() {
        opencv_imgproc.cvtColor(image, luma, opencv_imgproc.COLOR_BGR2GRAY);
        return luma;
    }

    /**
     * Writes the image as floats, pixel by pixel in the order red, green, blue.
     *
     * @param table what each value becomes: 256 of red, then of green, then of blue
     * @param target direct buffer in native order
     */
    void write(float[] table, ByteBuffer target) {
        ByteBuffer pixels = image.createBuffer();
        FloatBuffer floats = target.slice().order(ByteOrder.nativeOrder()).asFloatBuffer();
        int numValues = image.rows() * image.cols() * NUM_CHANNELS;
        for (int i = 0; i < numValues; i += NUM_CHANNELS) {
            floats.put(i, table[pixels.get(i + 2) & 0xFF]);
            floats.put(i + 1, table[256 + (pixels.get(i + 1) & 0xFF)]);
            floats.put(i + 2, table[512 + (pixels.get(i) & 0xFF)]);
        }
    }

    @Override
    public void close() {
        luma.close();
        image.close();
        next.close();
    }
}

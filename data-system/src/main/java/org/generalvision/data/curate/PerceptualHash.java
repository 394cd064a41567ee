package org.generalvision.data.curate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.generalvision.data.augment.PixelReader;
import org.generalvision.data.example.Example;

/**
 * A 64-bit hash that changes little when an image is encoded anew, resized or slightly recolored: which of 8 x 8 low
 * frequencies of the discrete cosine transform of a 32 x 32 gray thumbnail are clearly positive (after Zauner: Implementation
 * and benchmarking of perceptual image hash functions, 2010, section 3.2.1). Zauner's limit is the median; in drawings and
 * symmetric pictures most frequencies are nearly 0, and so is the median, so noise decides. The limit here is a fiftieth of the
 * largest coefficient, which noise does not reach. Transparent pixels count as white. Images of one color hash to 0. Not for use
 * by several threads.
 */
public final class PerceptualHash implements AutoCloseable {
    static final int SIDE = 32;
    private static final int FREQUENCIES = 8;

    /** An image whose gray values all lie this close together shows nothing but noise of its encoder. */
    private static final double FLAT = 3;

    /** What a coefficient must have of the largest one to count as positive. */
    private static final double LEAST = 0.02;

    /** cos((2 x + 1) u pi / 64) for u in 1..8: the constant term and its row and column are left out. */
    private static final double[][] COSINES = cosines();

    private final PixelReader pixels = new PixelReader();

    private static double[][] cosines() {
        double[][] cosines = new double[FREQUENCIES][SIDE];
        for (int u = 0; u < FREQUENCIES; u++) {
            for (int x = 0; x < SIDE; x++) {
                cosines[u][x] = Math.cos((2 * x + 1) * (u + 1) * Math.PI / (2 * SIDE));
            }
        }
        return cosines;
    }

    /**
     * Hashes an image.
     *
     * @throws org.generalvision.data.augment.UnreadableSampleException if it cannot be read
     */
    long of(ByteBuffer encoded) {
        return ofThumbnail(pixels.thumbnail(encoded, SIDE));
    }

    /**
     * The hash that an example carries, else that of its image.
     *
     * @throws org.generalvision.data.augment.UnreadableSampleException if it carries none and the image cannot be read
     */
    public long of(Example example) {
        Example.Hashes hashes = example.hashes();
        Long stored = hashes == null ? null : hashes.perceptual();
        return stored == null ? of(example.image()) : stored;
    }

    /** The hash of 32 x 32 gray values, row by row. */
    static long ofThumbnail(double[] gray) {
        double[] sorted = gray.clone();
        Arrays.sort(sorted);
        if (sorted[sorted.length - 1] - sorted[0] <= FLAT) {
            return 0;
        }
        double[] coefficients = transform(gray);
        double largest = 0;
        for (double coefficient : coefficients) {
            largest = Math.max(largest, Math.abs(coefficient));
        }
        long hash = 0;
        for (int i = 0; i < coefficients.length; i++) {
            if (coefficients[i] > LEAST * largest) {
                hash |= 1L << i;
            }
        }
        return hash;
    }

    /** Rows first, then columns; without the constant factors, which are the same for all of these frequencies. */
    private static double[] transform(double[] gray) {
        double[][] rows = new double[SIDE][FREQUENCIES];
        for (int y = 0; y < SIDE; y++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                double sum = 0;
                for (int x = 0; x < SIDE; x++) {
                    sum += gray[y * SIDE + x] * COSINES[u][x];
                }
                rows[y][u] = sum;
            }
        }
        double[] result = new double[FREQUENCIES * FREQUENCIES];
        for (int v = 0; v < FREQUENCIES; v++) {
            for (int u = 0; u < FREQUENCIES; u++) {
                double sum = 0;
                for (int y = 0; y < SIDE; y++) {
                    sum += rows[y][u] * COSINES[v][y];
                }
                result[v * FREQUENCIES + u] = sum;
            }
        }
        return result;
    }

    /** Bits in which two hashes differ. */
    static int distance(long a, long b) {
        return Long.bitCount(a ^ b);
    }

    @Override
    public void close() {
        pixels.close();
    }
}

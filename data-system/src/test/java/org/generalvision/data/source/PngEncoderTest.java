package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngEncoderTest {
    private final PngEncoder encoder = new PngEncoder();

    static LongStream seeds() {
        return LongStream.range(0, 12);
    }

    /** Even seeds have few colors, hence a palette; odd ones many. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyPixelSurvivesInBothDecoders(long seed) throws IOException {
        BufferedImage image = image(seed, seed % 2 == 0 ? 1 + 20 * (int) seed : 5000);
        ByteBuffer png = encoder.encode(image);
        assertThat(argb(Pixels.decode(png))).isEqualTo(argb(image));
        assertThat(openCv(png)).isEqualTo(argb(image));
    }

    @Test
    void fewColorsTakeFewBytes() {
        assertThat(encoder.encode(image(1, 4)).remaining())
                .isLessThan(encoder.encode(image(1, 5000)).remaining() / 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 6, 7, 8})
    void roundingMovesNoValueByMoreThanHalfAStep(int bits) {
        BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 256; i++) {
            image.setRGB(i, 0, 0xff000000 | i << 16 | (255 - i) << 8 | i);
        }
        new Raster(96, bits, 8).round(image);
        double half = 255.0 / ((1 << bits) - 1) / 2 + 0.5;
        for (int i = 0; i < 256; i++) {
            int red = image.getRGB(i, 0) >> 16 & 255;
            assertThat((double) Math.abs(red - i)).as("%s of %s bits", i, bits).isLessThanOrEqualTo(half);
            assertThat(image.getRGB(255 - i, 0) >> 8 & 255).isEqualTo(red);
        }
        assertThat(image.getRGB(0, 0)).isEqualTo(0xff00ff00);
    }

    @Test
    void whatCannotBeSeenBecomesZero() {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x01123456);
        image.setRGB(1, 0, 0x00123456);
        new Raster(96, 6, 5).round(image);
        assertThat(argb(image)).containsOnly(0);
    }

    private static BufferedImage image(long seed, int colors) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int[] palette =
                random.ints(colors).map(argb -> argb >>> 24 == 0 ? 0 : argb).toArray();
        BufferedImage image = new BufferedImage(37, 41, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < 41; y++) {
            for (int x = 0; x < 37; x++) {
                image.setRGB(x, y, palette[random.nextInt(colors)]);
            }
        }
        return image;
    }

    private static int[] argb(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static int[] openCv(ByteBuffer png) {
        byte[] bytes = Pixels.bytes(png);
        try (BytePointer pointer = new BytePointer(bytes);
                Mat encoded = new Mat(1, bytes.length, opencv_core.CV_8UC1, pointer);
                Mat image = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_UNCHANGED);
                UByteIndexer indexer = image.createIndexer()) {
            int[] argb = new int[image.rows() * image.cols()];
            boolean alpha = image.channels() == 4;
            for (int i = 0; i < argb.length; i++) {
                int y = i / image.cols();
                int x = i % image.cols();
                argb[i] = (alpha ? indexer.get(y, x, 3) : 255) << 24
                        | indexer.get(y, x, 2) << 16
                        | indexer.get(y, x, 1) << 8
                        | indexer.get(y, x, 0);
            }
            return argb;
        }
    }
}

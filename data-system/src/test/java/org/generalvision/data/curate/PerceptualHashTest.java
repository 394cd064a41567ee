package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.UnreadableSampleException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PerceptualHashTest {
    private final PerceptualHash hash = new PerceptualHash();

    @AfterEach
    void close() {
        hash.close();
    }

    @Test
    void hashIsTheOneOfTheDefinition() {
        double[] gray = new double[32 * 32];
        for (int i = 0; i < gray.length; i++) {
            gray[i] = 127 + 60 * Math.sin(i * 0.37) + 40 * Math.cos(i / 32.0 * 0.9 + i % 32 * 0.2);
        }
        double[] coefficients = new double[64];
        for (int v = 1; v <= 8; v++) {
            for (int u = 1; u <= 8; u++) {
                for (int y = 0; y < 32; y++) {
                    for (int x = 0; x < 32; x++) {
                        coefficients[8 * (v - 1) + u - 1] += gray[32 * y + x]
                                * Math.cos(Math.PI * u * (2 * x + 1) / 64)
                                * Math.cos(Math.PI * v * (2 * y + 1) / 64);
                    }
                }
            }
        }
        double largest =
                java.util.Arrays.stream(coefficients).map(Math::abs).max().orElseThrow();
        long expected = 0;
        for (int i = 0; i < 64; i++) {
            expected |= coefficients[i] > largest / 50 ? 1L << i : 0;
        }
        assertThat(PerceptualHash.ofThumbnail(gray)).isEqualTo(expected);
        assertThat(Long.bitCount(expected)).isBetween(5, 59);
    }

    @Test
    void anotherEncodingAndSizeKeepTheHashNear() {
        for (int seed = 0; seed < 20; seed++) {
            BufferedImage photo = Pictures.photo(seed, 200, 260);
            long original = hash.of(Pictures.png(photo));
            assertThat(PerceptualHash.distance(original, hash.of(Pictures.jpeg(photo))))
                    .as("JPEG, seed %d", seed)
                    .isLessThanOrEqualTo(4);
            assertThat(PerceptualHash.distance(original, hash.of(Pictures.png(resized(photo, 100, 100)))))
                    .as("resized, seed %d", seed)
                    .isLessThanOrEqualTo(8);
        }
    }

    @Test
    void transparentPixelsCountAsWhite() {
        BufferedImage clear = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
        BufferedImage white = new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 1600; i++) {
            boolean drawn = i % 40 > 10 + i / 100 && i / 40 > 5;
            clear.setRGB(i % 40, i / 40, drawn ? 0xFF204060 : 0x00FF0000);
            white.setRGB(i % 40, i / 40, drawn ? 0xFF204060 : 0xFFFFFFFF);
        }
        assertThat(hash.of(Pictures.png(clear)))
                .isEqualTo(hash.of(Pictures.png(white)))
                .isNotZero();
    }

    @Test
    void imagesOfOneColorAreAllTheSame() {
        assertThat(hash.of(Pictures.png(Pictures.plain(10, 20, 0xFF336699)))).isZero();
        assertThat(hash.of(Pictures.jpeg(resized(Pictures.plain(64, 64, 0xFFFFFFFF), 50, 50))))
                .isZero();
    }

    @Test
    void whatIsNoImageIsRefused() {
        assertThatExceptionOfType(UnreadableSampleException.class)
                .isThrownBy(() -> hash.of(ByteBuffer.wrap(new byte[100])));
    }

    static BufferedImage resized(BufferedImage image, int width, int height) {
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return result;
    }
}

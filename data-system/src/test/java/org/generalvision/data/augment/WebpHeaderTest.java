package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;

class WebpHeaderTest {
    private static final int LOSSLESS = 101;

    @Test
    void sizesOfEachKindAreRead() {
        assertThat(ImageHeader.parse(encode(opencv_core.CV_8UC3, 80)))
                .isEqualTo(new ImageHeader(ImageHeader.Format.WEBP, 37, 53, false));
        assertThat(ImageHeader.parse(encode(opencv_core.CV_8UC3, LOSSLESS)))
                .isEqualTo(new ImageHeader(ImageHeader.Format.WEBP, 37, 53, false));
        assertThat(ImageHeader.parse(encode(opencv_core.CV_8UC4, LOSSLESS)))
                .isEqualTo(new ImageHeader(ImageHeader.Format.WEBP, 37, 53, true));
        assertThat(ImageHeader.parse(encode(opencv_core.CV_8UC4, 80)))
                .isEqualTo(new ImageHeader(ImageHeader.Format.WEBP, 37, 53, true));
    }

    @Test
    void theDecoderReadsIt() {
        ByteBuffer encoded = encode(opencv_core.CV_8UC3, LOSSLESS);
        try (ImageDecoder decoder = new ImageDecoder()) {
            Mat image = decoder.decode(
                    encoded, ImageHeader.parse(encoded), new ImageDecoder.Detail(1, 37), Background.WHITE);
            assertThat(image.ptr(20, 20).get(0)).isEqualTo((byte) 10);
            assertThat(image.ptr(20, 20).get(2)).isEqualTo((byte) 90);
        }
    }

    /** The container's specification, field by field. */
    @Test
    void sizesBeyondTheLimitsAndAnimationsAreRefused() {
        refused(extended(0x02, 100, 100), "animated");
        refused(extended(0, 1 << 23, 100), "sides must be");
        refused(extended(0, 9000, 9000), "the area at most");
        refused(Arrays.copyOf(extended(0, 100, 100), 29), "ends before its size");
        byte[] unknown = extended(0, 100, 100);
        unknown[12] = 'X';
        refused(unknown, "without an image");
    }

    private static void refused(byte[] bytes, String message) {
        assertThatExceptionOfType(UnreadableSampleException.class)
                .isThrownBy(() -> ImageHeader.parse(ByteBuffer.wrap(bytes)))
                .withMessageContaining(message);
    }

    private static byte[] extended(int flags, int width, int height) {
        byte[] bytes = Arrays.copyOf("RIFF????WEBPVP8X".getBytes(StandardCharsets.US_ASCII), 40);
        bytes[16] = 10;
        bytes[20] = (byte) flags;
        for (int i = 0; i < 3; i++) {
            bytes[24 + i] = (byte) ((width - 1) >> (8 * i));
            bytes[27 + i] = (byte) ((height - 1) >> (8 * i));
        }
        return bytes;
    }

    private static ByteBuffer encode(int type, int quality) {
        try (Mat image = new Mat(37, 53, type, new Scalar(10, 50, 90, 128));
                BytePointer bytes = new BytePointer();
                IntPointer options = new IntPointer(opencv_imgcodecs.IMWRITE_WEBP_QUALITY, quality)) {
            assertThat(opencv_imgcodecs.imencode(".webp", image, bytes, options))
                    .isTrue();
            byte[] array = new byte[(int) bytes.limit()];
            bytes.get(array);
            return ByteBuffer.wrap(array);
        }
    }
}

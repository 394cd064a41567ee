package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class PngChunksTest {
    /** Signature and IHDR. */
    private static final int HEAD = 8 + 25;

    private static final byte[] PLAIN = Pictures.bytes(Pictures.png(Pictures.photo(1, 20, 30)));

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
        return chunk.putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) crc.getValue())
                .array();
    }

    /** The image with chunks behind its header. */
    private static ByteBuffer with(byte[]... chunks) {
        int length = PLAIN.length;
        for (byte[] chunk : chunks) {
            length += chunk.length;
        }
        ByteBuffer png = ByteBuffer.allocateDirect(length).put(PLAIN, 0, HEAD);
        for (byte[] chunk : chunks) {
            png.put(chunk);
        }
        return png.put(PLAIN, HEAD, PLAIN.length - HEAD).flip();
    }

    @Test
    void colorSpacesAreTakenOutAndNothingElse() {
        byte[] text = chunk("tEXt", "Title\0waves".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer described = with(chunk("sRGB", new byte[1]), text, chunk("iCCP", new byte[500]));
        assertThat(PngChunks.stateColorSpace(described)).isTrue();
        assertThat(PngChunks.stateColorSpace(with(text))).isFalse();
        assertThat(PngChunks.withoutColorSpace(described)).isEqualTo(with(text));
        assertThat(PngChunks.withoutColorSpace(with())).isEqualTo(with());
    }

    @Test
    void pixelsAreTheSame() {
        ByteBuffer described = with(chunk("iCCP", "sRGB\0\0broken".getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer behindOthers = ByteBuffer.allocateDirect(described.remaining() + 3)
                .position(3)
                .put(described.duplicate())
                .position(3);
        ImageHeader header = ImageHeader.parse(with());
        ImageDecoder.Detail all = new ImageDecoder.Detail(1, 20);
        try (ImageDecoder decoder = new ImageDecoder()) {
            ByteBuffer expected = pixels(decoder.decode(with(), header, all, Background.WHITE));
            assertThat(pixels(decoder.decode(described, header, all, Background.WHITE)))
                    .isEqualTo(expected);
            assertThat(pixels(decoder.decode(behindOthers, header, all, Background.WHITE)))
                    .isEqualTo(expected);
        }
    }

    private static ByteBuffer pixels(org.bytedeco.opencv.opencv_core.Mat image) {
        ByteBuffer pixels = image.createBuffer();
        return ByteBuffer.allocate(pixels.remaining()).put(pixels).flip();
    }

    @Test
    void brokenLengthsEndTheSearch() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        for (int round = 0; round < 500; round++) {
            ByteBuffer png = with(chunk("sRGB", new byte[1]), chunk("iCCP", new byte[40]));
            png.limit(random.nextInt(png.limit()));
            for (int i = 0; i < 4 && png.limit() > 0; i++) {
                png.put(random.nextInt(png.limit()), (byte) random.nextInt(256));
            }
            int before = png.limit();
            if (before >= 8) {
                PngChunks.stateColorSpace(png);
                assertThat(PngChunks.withoutColorSpace(png).limit()).isBetween(8, before);
            }
        }
    }
}

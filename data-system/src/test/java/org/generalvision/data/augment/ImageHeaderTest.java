package org.generalvision.data.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ImageHeaderTest {
    @Test
    void sizesOfPngAndJpegAreRead() {
        BufferedImage photo = Pictures.photo(1, 37, 53);
        assertThat(ImageHeader.parse(Pictures.png(photo)))
                .isEqualTo(new ImageHeader(ImageHeader.Format.PNG, 37, 53, false));
        assertThat(ImageHeader.parse(Pictures.jpeg(photo)))
                .isEqualTo(new ImageHeader(ImageHeader.Format.JPEG, 37, 53, false));
    }

    @Test
    void alphaChannelIsSeen() {
        assertThat(ImageHeader.parse(Pictures.png(Pictures.plain(4, 5, 0x80FF0000)))
                        .transparency())
                .isTrue();
    }

    @Test
    void positionOfTheBufferIsLeftAlone() {
        ByteBuffer png = Pictures.png(Pictures.photo(1, 8, 8));
        ByteBuffer padded =
                ByteBuffer.allocate(png.remaining() + 5).position(5).put(png).position(5);
        assertThat(ImageHeader.parse(padded).height()).isEqualTo(8);
        assertThat(padded.position()).isEqualTo(5);
    }

    @Test
    void pngBombIsRefusedBeforeDecoding() {
        ByteBuffer bomb = Pictures.png(Pictures.photo(1, 8, 8)).order(ByteOrder.BIG_ENDIAN);
        bomb.putInt(16, 30_000).putInt(20, 30_000);
        assertUnreadable(bomb, "30000 x 30000 pixels");
        bomb.putInt(16, Integer.MAX_VALUE).putInt(20, 2);
        assertUnreadable(bomb, "sides must be 1 to");
        bomb.putInt(16, -1).putInt(20, 2);
        assertUnreadable(bomb, "-1");
        bomb.putInt(16, 0);
        assertUnreadable(bomb, "2 x 0 pixels");
    }

    @Test
    void jpegBombIsRefusedBeforeDecoding() {
        ByteBuffer bomb = Pictures.jpeg(Pictures.photo(1, 8, 8)).order(ByteOrder.BIG_ENDIAN);
        int frame = JpegMarkers.of(bomb).frameAt();
        bomb.putShort(frame + 5, (short) 65_000).putShort(frame + 7, (short) 65_000);
        assertUnreadable(bomb, "65000 x 65000 pixels");
    }

    @Test
    void sizeThatTheBytesCannotHoldIsRefused() {
        ByteBuffer png = Pictures.png(Pictures.photo(1, 8, 8)).order(ByteOrder.BIG_ENDIAN);
        png.putInt(16, 4000).putInt(20, 4000);
        assertUnreadable(png, "bytes cannot hold the 4000 x 4000 pixels");
        ByteBuffer jpeg = Pictures.jpeg(Pictures.photo(1, 8, 8)).order(ByteOrder.BIG_ENDIAN);
        int frame = JpegMarkers.of(jpeg).frameAt();
        jpeg.putShort(frame + 5, (short) 4000).putShort(frame + 7, (short) 4000);
        assertUnreadable(jpeg, "bytes cannot hold the 4000 x 4000 pixels");
    }

    @Test
    void plainestImagesAreNotMistakenForBombs() {
        BufferedImage bits = new BufferedImage(8000, 5000, BufferedImage.TYPE_BYTE_BINARY);
        assertThat(ImageHeader.parse(Pictures.png(bits)).width()).isEqualTo(8000);
        assertThat(ImageHeader.parse(Pictures.jpeg(new BufferedImage(3000, 2000, BufferedImage.TYPE_BYTE_GRAY)))
                        .height())
                .isEqualTo(2000);
    }

    @Test
    void thinImageThatResizingWouldBlowUpIsRefused() {
        ByteBuffer thin = Pictures.png(Pictures.photo(1, 2, 500));
        assertUnreadable(thin, "more than 200 times");
    }

    @Test
    void otherBytesAreRefused() {
        assertUnreadable(ByteBuffer.allocate(0), "neither a JPEG nor a PNG nor a WebP image (0 bytes)");
        assertUnreadable(
                ByteBuffer.wrap("GIF89a and so on and so forth, long enough".getBytes(StandardCharsets.US_ASCII)),
                "neither");
        byte[] jpeg = Pictures.bytes(Pictures.jpeg(Pictures.photo(1, 8, 8)));
        assertUnreadable(ByteBuffer.wrap(Arrays.copyOf(jpeg, 30)), "ends before its size is stated");
        jpeg[2] = 0x12;
        assertUnreadable(ByteBuffer.wrap(jpeg), "no marker at byte 2");
    }

    private static void assertUnreadable(ByteBuffer encoded, String reason) {
        assertThatExceptionOfType(UnreadableSampleException.class)
                .isThrownBy(() -> ImageHeader.parse(encoded))
                .withMessageContaining(reason);
    }
}

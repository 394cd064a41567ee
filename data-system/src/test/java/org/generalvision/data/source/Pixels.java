package org.generalvision.data.source;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import javax.imageio.ImageIO;

/** Decodes with the JDK, which shares nothing with the decoder of the loader. */
final class Pixels {
    private Pixels() {}

    static BufferedImage decode(ByteBuffer encoded) throws IOException {
        return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes(encoded))));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

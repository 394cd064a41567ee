package org.generalvision.data.source;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Files of fixtures. */
final class Bytes {
    private Bytes() {}

    static byte[] png(int width, int height) throws IOException {
        return image(width, height, "png");
    }

    static byte[] jpeg(int width, int height) throws IOException {
        return image(width, height, "jpg");
    }

    private static byte[] image(int width, int height, String format) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        image.setRGB(width / 2, height / 2, 0x123456);
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ImageIO.write(image, format, output);
        return output.toByteArray();
    }

    /** A sound header that states 30000 x 30000 pixels. */
    static byte[] absurdPng() throws IOException {
        byte[] png = png(4, 4);
        for (int i : new int[] {18, 22}) {
            png[i] = (byte) (30_000 >> 8);
            png[i + 1] = (byte) 30_000;
        }
        return png;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Path put(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    static Path put(Path file, String text) throws IOException {
        return put(file, text(text));
    }

    static byte[] join(byte[]... parts) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (OutputStream stream = output) {
            for (byte[] part : parts) {
                stream.write(part);
            }
        }
        return output.toByteArray();
    }
}

package org.generalvision.data.augment;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures for tests, encoded by the JDK so that the decoder under test is not its own witness. */
public final class Pictures {
    private Pictures() {}

    /** Smooth waves of color with noise, opaque. */
    public static BufferedImage photo(long seed, int height, int width) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "photo");
        double fx = 1 + 4 * random.nextDouble();
        double fy = 1 + 4 * random.nextDouble();
        double phase = 6 * random.nextDouble();
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int red = wave(fx * x / width + phase, random);
                int green = wave(fy * y / height + 2 * phase, random);
                int blue = wave(fx * x / width + fy * y / height, random);
                image.setRGB(x, y, red << 16 | green << 8 | blue);
            }
        }
        return image;
    }

    private static int wave(double turns, RandomGenerator random) {
        double value = 127 + 100 * Math.sin(2 * Math.PI * turns) + 40 * (random.nextDouble() - 0.5);
        return (int) Math.max(0, Math.min(255, value));
    }

    /** Every pixel the same color, given as 0xAARRGGBB. */
    public static BufferedImage plain(int height, int width, int argb) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, argb);
            }
        }
        return image;
    }

    public static ByteBuffer png(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return direct(out.toByteArray());
    }

    public static ByteBuffer jpeg(BufferedImage image) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam param = writer.getDefaultWriteParam();
        param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        param.setCompressionQuality(0.95f);
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return direct(out.toByteArray());
    }

    public static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** Room for a view. */
    static ByteBuffer room(ImageView view) {
        return ByteBuffer.allocateDirect(view.bytes()).order(ByteOrder.nativeOrder());
    }

    /** Values 0 to 1 as they are. */
    public static Normalize identity() {
        return new Normalize(java.util.List.of(0.0, 0.0, 0.0), java.util.List.of(1.0, 1.0, 1.0));
    }

    static float[] floats(ByteBuffer buffer) {
        float[] values = new float[buffer.remaining() / Float.BYTES];
        buffer.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
        return values;
    }
}

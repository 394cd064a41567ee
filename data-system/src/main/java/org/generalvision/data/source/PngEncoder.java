package org.generalvision.data.source;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/** Small PNGs: a palette where 256 colors are enough, and the strongest compression. The same pixels give the same bytes. */
final class PngEncoder {
    private static final int PALETTE = 256;

    /** Encodes an image without loss. */
    ByteBuffer encode(BufferedImage image) {
        BufferedImage indexed = image.getType() == BufferedImage.TYPE_INT_ARGB ? indexed(image) : null;
        ByteBuffer plain = write(image);
        if (indexed == null) {
            return plain;
        }
        ByteBuffer small = write(indexed);
        return small.remaining() < plain.remaining() ? small : plain;
    }

    private static ByteBuffer write(BufferedImage image) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0);
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot encode a PNG in memory", e);
        } finally {
            writer.dispose();
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    /** The same pixels over a palette in order of appearance, or null if it takes more than 256 colors. */
    private static @Nullable BufferedImage indexed(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        Map<Integer, Integer> palette = new LinkedHashMap<>();
        byte[] indices = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            Integer known = palette.get(pixels[i]);
            if (known == null) {
                if (palette.size() == PALETTE) {
                    return null;
                }
                known = palette.size();
                palette.put(pixels[i], known);
            }
            indices[i] = known.byteValue();
        }
        int[] colors = palette.keySet().stream().mapToInt(Integer::intValue).toArray();
        IndexColorModel model =
                new IndexColorModel(Byte.SIZE, colors.length, colors, 0, true, -1, DataBuffer.TYPE_BYTE);
        BufferedImage result = new BufferedImage(width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
        result.getRaster().setDataElements(0, 0, width, image.getHeight(), indices);
        return result;
    }
}

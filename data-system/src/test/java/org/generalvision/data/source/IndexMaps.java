package org.generalvision.data.source;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** PNGs whose pixels are class numbers. */
final class IndexMaps {
    private IndexMaps() {}

    /** With a palette whose colors say nothing about the numbers, as VOC's. */
    static byte[] palette(int[][] rows) throws IOException {
        byte[] red = new byte[256];
        byte[] green = new byte[256];
        byte[] blue = new byte[256];
        for (int i = 0; i < 256; i++) {
            red[i] = (byte) (i * 37);
            green[i] = (byte) (255 - i);
        }
        return png(
                rows,
                new BufferedImage(
                        rows[0].length,
                        rows.length,
                        BufferedImage.TYPE_BYTE_INDEXED,
                        new IndexColorModel(8, 256, red, green, blue)));
    }

    static byte[] grey(int[][] rows) throws IOException {
        return png(rows, new BufferedImage(rows[0].length, rows.length, BufferedImage.TYPE_BYTE_GRAY));
    }

    private static byte[] png(int[][] rows, BufferedImage image) throws IOException {
        for (int y = 0; y < rows.length; y++) {
            for (int x = 0; x < rows[y].length; x++) {
                image.getRaster().setSample(x, y, 0, rows[y][x]);
            }
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ImageIO.write(image, "png", output);
        return output.toByteArray();
    }
}

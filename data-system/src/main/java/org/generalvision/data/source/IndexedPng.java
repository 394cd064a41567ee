package org.generalvision.data.source;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.example.Fault;

/**
 * A PNG whose pixels are class numbers: the indices of its palette, not the colors that they stand for, or its grey values.
 *
 * @param height rows
 * @param width columns
 * @param raster of one band
 */
record IndexedPng(int height, int width, Raster raster) {
    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is missing, broken, or its pixels are colors
     */
    static IndexedPng read(Path file) throws IOException {
        EncodedImage encoded = EncodedImage.read(file);
        if (encoded.header().format() != ImageHeader.Format.PNG) {
            throw new IllegalArgumentException("is no PNG");
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (ImageInputStream input = new MemoryCacheImageInputStream(
                new ByteArrayInputStream(encoded.bytes().array()))) {
            reader.setInput(input, true, true);
            BufferedImage image = reader.read(0);
            if (image.getRaster().getNumBands() != 1) {
                throw new IllegalArgumentException("holds colors, not class numbers");
            }
            return new IndexedPng(image.getHeight(), image.getWidth(), image.getRaster());
        } catch (IOException | RuntimeException e) {
            // The JDK's reader answers broken chunks with whatever happens to fail.
            throw e instanceof IllegalArgumentException refused && !(e instanceof NumberFormatException)
                    ? refused
                    : new IllegalArgumentException("is a broken PNG: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** The number of a pixel. */
    int at(int x, int y) {
        return raster.getSample(x, y, 0);
    }

    /** The pixels of each number that occurs: bit x * height + y is pixel (y, x). */
    Map<Integer, BitSet> regions() {
        Map<Integer, BitSet> regions = new TreeMap<>();
        int last = -1;
        BitSet pixels = new BitSet();
        for (int x = 0; x < width; x++) {
            for (int y = 0; y < height; y++) {
                int value = at(x, y);
                if (value != last) {
                    pixels = regions.computeIfAbsent(value, v -> new BitSet(height * width));
                    last = value;
                }
                pixels.set(x * height + y);
            }
        }
        return regions;
    }

    /**
     * Refuses a map that does not lie on its image.
     *
     * @throws IllegalArgumentException if the sizes differ
     */
    void requireSize(EncodedImage image) {
        if (height != image.height() || width != image.width()) {
            throw new FaultyItemException(
                    Fault.MASK_SIZE,
                    "has %d x %d pixels (height x width), its image %d x %d"
                            .formatted(height, width, image.height(), image.width()));
        }
    }
}

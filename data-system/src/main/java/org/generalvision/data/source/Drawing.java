package org.generalvision.data.source;

import com.google.common.io.ByteStreams;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.generalvision.data.example.Fault;

/** Draws SVG files into PNG. */
final class Drawing {
    private static final long MAX_FILE_BYTES = 8L << 20;

    private final Raster raster;
    private final SvgRenderer renderer;
    private final PngEncoder encoder = new PngEncoder();

    Drawing(Raster raster) {
        this.raster = raster;
        renderer = new SvgRenderer(raster.pixels());
    }

    /**
     * A drawing as a square PNG with alpha.
     *
     * @throws IllegalArgumentException if it is missing, too large, no drawable SVG, or blank
     */
    ByteBuffer png(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FaultyItemException(Fault.MISSING_FILE, "is missing, or no plain file");
        }
        try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] svg = ByteStreams.limit(input, MAX_FILE_BYTES + 1).readAllBytes();
            if (svg.length > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("larger than " + MAX_FILE_BYTES + " bytes");
            }
            BufferedImage image = renderer.render(svg);
            raster.round(image);
            int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
            if (IntStream.of(pixels).allMatch(pixel -> pixel >>> 24 == 0)) {
                throw new IllegalArgumentException("shows nothing");
            }
            return encoder.encode(image);
        }
    }
}

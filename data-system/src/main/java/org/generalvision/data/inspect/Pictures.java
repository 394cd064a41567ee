package org.generalvision.data.inspect;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.generalvision.data.example.Example;
import org.generalvision.report.Cards;
import org.generalvision.report.Gallery;

/** Examples as pictures of a page, with twice the pixels that they take there, for screens that have them. */
public final class Pictures implements AutoCloseable {
    private static final int LARGE = 352;
    private static final int SMALL = 168;
    private static final float QUALITY = 0.85f;
    private static final int MAX_TEXT = 110;
    private static final int MAX_CAPTIONS = 3;
    private static final int MAX_LABELS = 8;

    private final ExampleDrawer large = new ExampleDrawer(LARGE);
    private final ExampleDrawer small = new ExampleDrawer(SMALL);

    /** The image alone, small. */
    Gallery.Picture thumbnail(Example example) {
        return new Gallery.Picture(jpeg(small.image(example)), description(example), false);
    }

    /** The image under its boxes; in gray under its masks, if it has any; its depth, if it has any. */
    public List<Gallery.Picture> panels(Example example) {
        return large.panels(example).stream()
                .map(panel -> new Gallery.Picture(jpeg(panel), description(example), false))
                .toList();
    }

    /** The image with all that is known of it. */
    Cards.Card card(Example example) {
        List<Gallery.Picture> panels = panels(example);
        String title = example.captions().isEmpty()
                ? labels(example)
                : brief(example.captions().get(0).text());
        List<String> lines = new ArrayList<>();
        example.captions().stream()
                .skip(1)
                .limit(MAX_CAPTIONS - 1L)
                .map(caption -> caption.language() + ": " + brief(caption.text()))
                .forEach(lines::add);
        if (example.captions().size() > MAX_CAPTIONS) {
            lines.add("and %d more captions".formatted(example.captions().size() - MAX_CAPTIONS));
        }
        if (!example.captions().isEmpty() && !example.labels().isEmpty()) {
            lines.add(labels(example));
        }
        lines.add(brief(example.id()) + " (" + example.licence() + ")");
        return new Cards.Card(panels, title.isEmpty() ? "no caption, no label" : title, lines);
    }

    private static String labels(Example example) {
        String shown = example.labels().stream().distinct().limit(MAX_LABELS).collect(Collectors.joining(", "));
        return example.labels().isEmpty() ? "" : "labels: " + brief(shown);
    }

    private static String description(Example example) {
        String caption = example.captions().isEmpty()
                ? ""
                : ": " + example.captions().get(0).text();
        return brief(example.id() + caption);
    }

    static String brief(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        int end = line.offsetByCodePoints(0, Math.min(line.codePointCount(0, line.length()), MAX_TEXT));
        return end == line.length() ? line : line.substring(0, end) + " ...";
    }

    private static ByteBuffer jpeg(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionQuality(QUALITY);
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot encode a picture", e);
        } finally {
            writer.dispose();
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    @Override
    public void close() {
        large.close();
        small.close();
    }
}

package org.generalvision.upstream.amateur;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;

/** Pictures of one color each, with the captions and labels given. */
final class Squares implements ExampleSource {
    static final ImageView VIEW = new ImageView(
            new CenterCrop(32, 32),
            List.of(),
            new Normalize(List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)),
            Background.WHITE);

    private final List<Example> examples;

    private Squares(List<Example> examples) {
        this.examples = List.copyOf(examples);
    }

    static Squares of(String... captions) {
        return new Squares(java.util.stream.IntStream.range(0, captions.length)
                .mapToObj(i -> example(i, captions[i]))
                .toList());
    }

    private static Example example(int number, String caption) {
        ByteBuffer image = ByteBuffer.wrap(png(Color.getHSBColor(number / 7f, 1, 1)));
        return Example.builder("square-" + number, image, "test", "CC0-1.0")
                .captions(List.of(new Example.Caption(caption, "en")))
                .labels(List.of(caption))
                .build();
    }

    private static byte[] png(Color color) {
        BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, 32, 32);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public long size() {
        return examples.size();
    }

    @Override
    public Example get(long index) {
        return examples.get((int) index);
    }

    @Override
    public String hash() {
        return "squares";
    }

    @Override
    public void close() {}
}

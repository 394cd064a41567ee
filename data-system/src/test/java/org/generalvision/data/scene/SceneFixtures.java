package org.generalvision.data.scene;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.Example;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.Split;

/** Cut-outs whose outlines are known, and settings without chance where a test wants to compute what comes out. */
final class SceneFixtures {
    static final double FOCAL = 120;
    static final double CENTER_X = 0.5;
    static final double CENTER_Y = 0.35;
    static final double CAMERA_HEIGHT = 0.6;
    static final double FAR = 30;
    static final int HEIGHT = 96;
    static final int WIDTH = 112;

    private SceneFixtures() {}

    static Range exactly(double value) {
        return new Range(value, value);
    }

    /** A folder "box" of solid rectangles and a folder "disc" of discs, enough names for every split. */
    static Path cutouts(Path folder) {
        for (int i = 0; i < 40; i++) {
            String name = "thing" + (char) ('a' + i % 26) + (char) ('a' + i / 26) + ".png";
            BufferedImage box = new BufferedImage(40, 50, BufferedImage.TYPE_INT_ARGB);
            fill(box, new Color(200, 20 + 5 * i, 30), 5, 4, 30, 40, false);
            write(box, folder.resolve("box").resolve(name));
            BufferedImage disc = new BufferedImage(44, 44, BufferedImage.TYPE_INT_ARGB);
            fill(disc, new Color(20, 20 + 5 * i, 220), 2, 2, 40, 40, true);
            write(disc, folder.resolve("disc").resolve(name));
        }
        return folder;
    }

    private static void fill(BufferedImage image, Color color, int x, int y, int width, int height, boolean round) {
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        if (round) {
            graphics.fillOval(x, y, width, height);
        } else {
            graphics.fillRect(x, y, width, height);
        }
        graphics.dispose();
    }

    static void write(BufferedImage image, Path file) {
        try {
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BufferedImage read(ByteBuffer encoded) {
        byte[] bytes = new byte[encoded.remaining()];
        encoded.duplicate().get(bytes);
        try {
            return ImageIO.read(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A known camera, sharp and without noise, haze or shadow. */
    static SceneConfig config(int count, Backdrop... backdrops) {
        Map<String, SceneConfig.Thing> classes = new LinkedHashMap<>();
        classes.put("box", new SceneConfig.Thing(exactly(0.8), exactly(0)));
        classes.put("disc", new SceneConfig.Thing(exactly(0.5), exactly(0.3)));
        return new SceneConfig(
                HEIGHT,
                WIDTH,
                new SceneConfig.Optics(
                        exactly(FOCAL), exactly(CENTER_X), exactly(CENTER_Y), exactly(CAMERA_HEIGHT), 0.5, FAR),
                classes,
                new SceneConfig.Crowd(new SceneConfig.Count(count, count), new Range(10, 60), 0.3, 0.5),
                new SceneConfig.Appearance(exactly(1), 0, 0, 0, 0, exactly(0), exactly(0)),
                List.of(backdrops),
                new SceneConfig.Output(SceneConfig.Format.PNG, 90, 0.001));
    }

    static SceneRecipe recipe(Path folder, SceneConfig config, long count) {
        return new SceneRecipe(7, Split.TRAIN, count, new CutoutData.Folder(folder, "CC0-1.0"), config);
    }

    static List<Candidate> candidates(SceneRecipe recipe) {
        List<Candidate> found = new ArrayList<>();
        try (SceneSource source = SceneSource.open(recipe, Path.of("unused"))) {
            source.iterator().forEachRemaining(found::add);
        }
        return found;
    }

    static List<Example> scenes(SceneRecipe recipe) {
        return candidates(recipe).stream()
                .filter(Candidate.Accepted.class::isInstance)
                .map(candidate -> ((Candidate.Accepted) candidate).example())
                .toList();
    }
}

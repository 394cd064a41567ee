package org.generalvision.data.inspect;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.PixelReader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.jspecify.annotations.Nullable;

/**
 * Draws examples into squares: the image under its boxes, then its masks, then its depth from red (near) to blue. Small images are
 * enlarged so that their pixels are seen. For one thread.
 */
final class ExampleDrawer implements AutoCloseable {
    /** Depths in one turn of the colors, which go by the logarithm: red is near, blue is far. */
    private static final double NEAR = 0.3;

    private static final double FAR = 60;

    private static final Color BACKGROUND = Color.WHITE;
    private static final Color UNREADABLE = new Color(0xdddddd);

    private final int side;
    private final PixelReader pixels = new PixelReader();

    /**
     * A drawer.
     *
     * @param side of the squares in pixels
     */
    ExampleDrawer(int side) {
        this.side = side;
    }

    /** The square of an image alone; one that cannot be read is a gray square that says so. */
    BufferedImage image(Example example) {
        BufferedImage image = decode(example);
        return image == null ? unreadable() : fit(image);
    }

    /** One square for the image and its boxes, one for its masks if it has any, and one for its depth. */
    List<BufferedImage> panels(Example example) {
        BufferedImage image = decode(example);
        if (image == null) {
            return List.of(unreadable());
        }
        List<BufferedImage> panels = new ArrayList<>();
        BufferedImage boxed = fit(image);
        drawBoxes(example, image, boxed);
        panels.add(boxed);
        if (!example.masks().isEmpty()) {
            panels.add(fit(masked(image, example)));
        }
        Example.Depth depth = example.depth();
        BufferedImage map = depth == null ? null : decodeDepth(depth.png());
        if (depth != null) {
            panels.add(map == null ? unreadable() : fit(colored(map, depth.metresPerUnit())));
        }
        return panels;
    }

    private @Nullable BufferedImage decode(Example example) {
        try {
            return pixels.image(example.image());
        } catch (UnreadableSampleException unreadable) {
            return null;
        }
    }

    private static @Nullable BufferedImage decodeDepth(ByteBuffer png) {
        try {
            ImageHeader.parse(png);
            byte[] bytes = new byte[png.remaining()];
            png.duplicate().get(bytes);
            return ImageIO.read(new ByteArrayInputStream(bytes));
        } catch (IOException | UnreadableSampleException e) {
            return null;
        }
    }

    private BufferedImage square() {
        BufferedImage square = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = square.createGraphics();
        graphics.setColor(BACKGROUND);
        graphics.fillRect(0, 0, side, side);
        graphics.dispose();
        return square;
    }

    private BufferedImage unreadable() {
        BufferedImage square = square();
        Graphics2D graphics = square.createGraphics();
        graphics.setColor(UNREADABLE);
        graphics.fillRect(0, 0, side, side);
        graphics.setColor(Color.DARK_GRAY);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(8, side / 14)));
        graphics.drawString("unreadable", side / 12, side / 2);
        graphics.dispose();
        return square;
    }

    private BufferedImage fit(BufferedImage image) {
        double scale = scale(image);
        BufferedImage square = square();
        Graphics2D graphics = square.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                scale >= 2
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        int width = Math.max(1, (int) Math.round(image.getWidth() * scale));
        int height = Math.max(1, (int) Math.round(image.getHeight() * scale));
        graphics.drawImage(image, left(image), top(image), width, height, null);
        graphics.dispose();
        return square;
    }

    private double scale(BufferedImage image) {
        return (double) side / Math.max(image.getWidth(), image.getHeight());
    }

    private int left(BufferedImage image) {
        return (int) Math.round((side - image.getWidth() * scale(image)) / 2);
    }

    private int top(BufferedImage image) {
        return (int) Math.round((side - image.getHeight() * scale(image)) / 2);
    }

    private void drawBoxes(Example example, BufferedImage image, BufferedImage square) {
        double scale = scale(image);
        Graphics2D graphics = square.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        int size = Math.max(9, side / 24);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
        for (int i = 0; i < example.boxes().size(); i++) {
            Example.Box box = example.boxes().get(i);
            double x = left(image) + box.x1() * scale;
            double y = top(image) + box.y1() * scale;
            graphics.setStroke(new BasicStroke(Math.max(1.2f, side / 160f)));
            graphics.setColor(color(i));
            graphics.draw(new Rectangle2D.Double(x, y, (box.x2() - box.x1()) * scale, (box.y2() - box.y1()) * scale));
            tag(graphics, box.label(), (int) x, (int) Math.max(y, size + 3), color(i));
        }
        graphics.dispose();
    }

    /** A label above a line, dark on the color of its box, which is readable on any image. */
    private static void tag(Graphics2D graphics, String label, int x, int bottom, Color color) {
        int height = graphics.getFontMetrics().getAscent();
        graphics.setColor(color);
        graphics.fillRect(x, bottom - height, graphics.getFontMetrics().stringWidth(label) + 4, height);
        graphics.setColor(Color.BLACK);
        graphics.drawString(label, x + 2, bottom - 2);
    }

    /** The image in gray, below the masks of its instances, or of its regions if it has no instances. */
    private static BufferedImage masked(BufferedImage image, Example example) {
        int height = image.getHeight();
        BufferedImage gray = new BufferedImage(image.getWidth(), height, BufferedImage.TYPE_BYTE_GRAY);
        paint(image, gray);
        BufferedImage colors = new BufferedImage(image.getWidth(), height, BufferedImage.TYPE_INT_RGB);
        paint(gray, colors);
        boolean instances = example.masks().stream().anyMatch(mask -> mask.box() != null);
        List<Mask> shown = example.masks().stream()
                .filter(mask -> !instances || mask.box() != null)
                .filter(mask -> mask.height() == height && mask.width() == image.getWidth())
                .toList();
        for (int i = 0; i < shown.size(); i++) {
            Integer box = shown.get(i).box();
            // An instance has the color of its box.
            Color color = color(box == null ? i : box);
            BitSet covered = shown.get(i).runLengths().pixels();
            for (int at = covered.nextSetBit(0); at >= 0; at = covered.nextSetBit(at + 1)) {
                int shade = colors.getRGB(at / height, at % height) & 0xFF;
                colors.setRGB(at / height, at % height, mix(color, shade));
            }
        }
        return colors;
    }

    private static void paint(BufferedImage from, BufferedImage to) {
        Graphics2D graphics = to.createGraphics();
        graphics.drawImage(from, 0, 0, BACKGROUND, null);
        graphics.dispose();
    }

    private static int mix(Color color, int gray) {
        return new Color(
                        (2 * color.getRed() + gray) / 3,
                        (2 * color.getGreen() + gray) / 3,
                        (2 * color.getBlue() + gray) / 3)
                .getRGB();
    }

    private static BufferedImage colored(BufferedImage depth, double metresPerUnit) {
        BufferedImage colors = new BufferedImage(depth.getWidth(), depth.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < depth.getHeight(); y++) {
            for (int x = 0; x < depth.getWidth(); x++) {
                double metres = depth.getRaster().getSample(x, y, 0) * metresPerUnit;
                if (metres > 0) {
                    double turn = Math.log(Math.max(1, metres / NEAR)) / Math.log(FAR / NEAR);
                    colors.setRGB(x, y, Color.HSBtoRGB((float) (0.7 * Math.min(1, turn)), 0.85f, 0.95f));
                }
            }
        }
        return colors;
    }

    /** Colors far from each other for neighboring numbers: steps of the golden ratio around the circle. */
    private static Color color(int index) {
        return Color.getHSBColor(index * 0.618034f, 0.8f, 1);
    }

    @Override
    public void close() {
        pixels.close();
    }
}

package org.generalvision.data.cli;

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
import java.util.BitSet;
import java.util.List;
import javax.imageio.ImageIO;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;

/** Examples side by side: each with its boxes, then its masks and its depth if it has any. */
final class ContactSheet {
    private static final int GAP = 4;

    /** Depths in one turn of the colors, which go by the logarithm: red is near, blue is far. */
    private static final double NEAR = 0.3;

    private static final double FAR = 60;

    private final int tile;
    private final int columns;
    private final int rows;
    private final int panels;
    private final BufferedImage sheet;
    private int next;

    /**
     * An empty sheet.
     *
     * @param examples that it will hold
     * @param columns examples beside each other
     * @param tile side of a picture in pixels
     * @param panels 1 for boxes alone, 2 for masks also, 3 for depth also
     */
    ContactSheet(int examples, int columns, int tile, int panels) {
        this.tile = tile;
        this.columns = Math.min(columns, examples);
        this.rows = (examples + columns - 1) / columns;
        this.panels = panels;
        int width = this.columns * (panels * tile + GAP);
        long pixels = (long) width * rows * (tile + GAP);
        if (pixels > ImageHeader.MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "The sheet would have %d pixels, at most %d are drawn: name fewer examples"
                            .formatted(pixels, ImageHeader.MAX_PIXELS));
        }
        sheet = new BufferedImage(width, rows * (tile + GAP), BufferedImage.TYPE_INT_RGB);
    }

    /** Draws the next example. */
    void add(Example example) {
        int left = next % columns * (panels * tile + GAP);
        int top = next / columns * (tile + GAP);
        next++;
        BufferedImage image = decode(example, example.image());
        draw(image, left, top);
        if (panels > 1) {
            draw(masked(image, example), left + tile, top);
        }
        Example.Depth depth = example.depth();
        if (panels > 2 && depth != null) {
            draw(colored(decode(example, depth.png()), depth.metresPerUnit()), left + 2 * tile, top);
        }
        drawBoxes(example, image, left, top);
    }

    BufferedImage image() {
        return sheet;
    }

    private static BufferedImage decode(Example example, ByteBuffer encoded) {
        try {
            ImageHeader.parse(encoded);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.duplicate().get(bytes);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
            if (image != null) {
                return image;
            }
        } catch (IOException | UnreadableSampleException e) {
            throw new IllegalArgumentException(
                    "Example %s cannot be drawn: %s".formatted(example.id(), e.getMessage()), e);
        }
        throw new IllegalArgumentException("Example %s is no image that can be drawn".formatted(example.id()));
    }

    private void draw(BufferedImage image, int left, int top) {
        double scale = scale(image);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.setColor(Color.WHITE);
        int width = (int) Math.round(image.getWidth() * scale);
        int height = (int) Math.round(image.getHeight() * scale);
        graphics.fillRect(left, top, width, height);
        graphics.drawImage(image, left, top, width, height, null);
        graphics.dispose();
    }

    private double scale(BufferedImage image) {
        return (double) tile / Math.max(image.getWidth(), image.getHeight());
    }

    private void drawBoxes(Example example, BufferedImage image, int left, int top) {
        double scale = scale(image);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
        for (int i = 0; i < example.boxes().size(); i++) {
            Example.Box box = example.boxes().get(i);
            graphics.setColor(color(i));
            graphics.setStroke(new BasicStroke(1.2f));
            float x = (float) (left + box.x1() * scale);
            float y = (float) (top + box.y1() * scale);
            graphics.draw(new Rectangle2D.Double(x, y, (box.x2() - box.x1()) * scale, (box.y2() - box.y1()) * scale));
            graphics.drawString(box.label(), x + 1, Math.max(y - 2, top + 9));
        }
        graphics.dispose();
    }

    /** The image in gray, below the masks of its instances, or of its regions if it has no instances. */
    private static BufferedImage masked(BufferedImage image, Example example) {
        int height = image.getHeight();
        BufferedImage result = new BufferedImage(image.getWidth(), height, BufferedImage.TYPE_BYTE_GRAY);
        result.createGraphics().drawImage(image, 0, 0, Color.WHITE, null);
        BufferedImage colors = new BufferedImage(image.getWidth(), height, BufferedImage.TYPE_INT_RGB);
        colors.createGraphics().drawImage(result, 0, 0, null);
        boolean instances = example.masks().stream().anyMatch(mask -> mask.box() != null);
        List<Mask> shown = example.masks().stream()
                .filter(mask -> !instances || mask.box() != null)
                .filter(mask -> mask.height() == height && mask.width() == image.getWidth())
                .toList();
        for (int i = 0; i < shown.size(); i++) {
            Color color = color(i);
            BitSet pixels = shown.get(i).runLengths().pixels();
            for (int at = pixels.nextSetBit(0); at >= 0; at = pixels.nextSetBit(at + 1)) {
                int gray = colors.getRGB(at / height, at % height) & 0xFF;
                colors.setRGB(at / height, at % height, mix(color, gray));
            }
        }
        return colors;
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
}

package org.generalvision.data.inspect;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.example.Example;

/** Examples side by side: each with its boxes, then its masks and its depth if it has any. */
public final class ContactSheet implements AutoCloseable {
    private static final int GAP = 4;

    private final int tile;
    private final int columns;
    private final int panels;
    private final BufferedImage sheet;
    private final ExampleDrawer drawer;
    private int next;

    private ContactSheet(int examples, int columns, int tile, int panels) {
        this.tile = tile;
        this.columns = Math.min(columns, examples);
        this.panels = panels;
        int rows = (examples + columns - 1) / columns;
        long width = (long) this.columns * (panels * tile + GAP);
        long height = (long) rows * (tile + GAP);
        if (width * height > ImageHeader.MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "The sheet would have %d pixels, at most %d are drawn: name fewer examples"
                            .formatted(width * height, ImageHeader.MAX_PIXELS));
        }
        sheet = new BufferedImage((int) width, (int) height, BufferedImage.TYPE_INT_RGB);
        drawer = new ExampleDrawer(tile);
    }

    /**
     * A sheet of examples.
     *
     * @param columns examples beside each other
     * @param tile side of a picture in pixels
     * @throws IllegalArgumentException if the sheet would be too large
     */
    public static BufferedImage of(List<Example> examples, int columns, int tile) {
        boolean depth = examples.stream().anyMatch(example -> example.depth() != null);
        boolean masks = examples.stream().anyMatch(example -> !example.masks().isEmpty());
        int panels = 1 + (masks ? 1 : 0) + (depth ? 1 : 0);
        try (ContactSheet sheet = new ContactSheet(examples.size(), columns, tile, panels)) {
            examples.forEach(sheet::add);
            return sheet.sheet;
        }
    }

    private void add(Example example) {
        int left = next % columns * (panels * tile + GAP);
        int top = next / columns * (tile + GAP);
        next++;
        Graphics2D graphics = sheet.createGraphics();
        for (BufferedImage panel : drawer.panels(example)) {
            graphics.drawImage(panel, left, top, null);
            left += tile;
        }
        graphics.dispose();
    }

    @Override
    public void close() {
        drawer.close();
    }
}

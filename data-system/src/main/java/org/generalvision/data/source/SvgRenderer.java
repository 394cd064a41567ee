package org.generalvision.data.source;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.DocumentLimits;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.parser.resources.ResourcePolicy;
import com.github.weisj.jsvg.renderer.NullPlatformSupport;
import com.github.weisj.jsvg.view.FloatSize;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;

/**
 * Draws SVG documents into squares with alpha, aspect kept. What is visible of the page is centered, and enlarged where it
 * would fill only a part of the square: many drawings lie in a corner of an empty A4 page. No outside resource is opened.
 */
final class SvgRenderer {
    private static final double MAX_SIDE = 1e6;
    private static final double MAX_ASPECT = 40;
    private static final long MAX_SEGMENTS = 20_000_000;

    /** A drawing that fills this much of the square stays as its author laid it out. */
    private static final double FILLED = 0.75;

    private static final int MARGIN = 2;
    private static final double MAX_ZOOM = 16;

    private final LoaderContext context = LoaderContext.builder()
            .externalResourcePolicy(ResourcePolicy.DENY_ALL)
            .documentLimits(new DocumentLimits(100, 15, 100_000))
            .build();
    private final int pixels;
    private final long maxSegments;

    /**
     * A renderer.
     *
     * @param pixels side of the square
     */
    SvgRenderer(int pixels) {
        this(pixels, MAX_SEGMENTS);
    }

    /** As above, with the segments of paths that one picture may take. */
    SvgRenderer(int pixels, long maxSegments) {
        this.pixels = pixels;
        this.maxSegments = maxSegments;
    }

    /**
     * Draws a document.
     *
     * @return a square of type {@link BufferedImage#TYPE_INT_ARGB}
     * @throws IllegalArgumentException if it is no drawable SVG, has an absurd size or asks for absurd work
     */
    BufferedImage render(byte[] svg) {
        SVGDocument document = load(svg);
        check(document.size());
        try {
            return render(document, document.size());
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // jsvg answers what it does not expect with whatever happens to fail; the file is at fault, not we.
            throw new IllegalArgumentException("cannot be drawn: " + e, e);
        } catch (OutOfMemoryError | StackOverflowError e) {
            // jsvg lays out buffers for patterns and blurs as large as the file says, and has no limit of its own for
            // them.
            // One such buffer fails as a whole and leaves the heap as it was.
            throw new IllegalArgumentException("asks for more memory than a picture may take: " + e, e);
        }
    }

    private BufferedImage render(SVGDocument document, FloatSize size) {
        double scale = pixels / Math.max(size.getWidth(), size.getHeight());
        AffineTransform page = new AffineTransform();
        page.translate((pixels - scale * size.getWidth()) / 2, (pixels - scale * size.getHeight()) / 2);
        page.scale(scale, scale);
        BufferedImage image = draw(document, page);
        Rectangle visible = visible(image);
        int side = Math.max(visible.width, visible.height);
        if (side <= 0 || side >= FILLED * pixels) {
            return image;
        }
        // The bounds are known to a pixel on each side, which the zoom enlarges too.
        double zoom = Math.min(MAX_ZOOM, (pixels - 2.0 * MARGIN) / (side + 1));
        AffineTransform closer = AffineTransform.getTranslateInstance(pixels / 2.0, pixels / 2.0);
        closer.scale(zoom, zoom);
        closer.translate(-visible.getCenterX(), -visible.getCenterY());
        closer.concatenate(page);
        return draw(document, closer);
    }

    private SVGDocument load(byte[] svg) {
        SVGDocument document = new SVGLoader().load(() -> new SwitchChooser(SafeXml.events(svg)), null, context);
        if (document == null) {
            throw new IllegalArgumentException("not a drawable SVG");
        }
        return document;
    }

    private static void check(FloatSize size) {
        double width = size.getWidth();
        double height = size.getHeight();
        boolean sane = width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE;
        if (!sane || Math.max(width, height) > MAX_ASPECT * Math.min(width, height)) {
            throw new IllegalArgumentException(
                    "its page of %s x %s must have sides in (0, %s], not further apart than 1:%s"
                            .formatted(width, height, (long) MAX_SIDE, (long) MAX_ASPECT));
        }
    }

    private BufferedImage draw(SVGDocument document, AffineTransform transform) {
        BufferedImage image = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.clipRect(0, 0, pixels, pixels);
            graphics.transform(transform);
            BoundedOutput output = new BoundedOutput(graphics, new BoundedOutput.Budget(maxSegments));
            document.renderWithPlatform(NullPlatformSupport.INSTANCE, output, new ViewBox(document.size()));
        } finally {
            graphics.dispose();
        }
        return image;
    }

    private static Rectangle visible(BufferedImage image) {
        Rectangle visible = new Rectangle(-1, -1);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if (image.getRGB(x, y) >>> 24 != 0) {
                    visible.add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        return visible;
    }
}

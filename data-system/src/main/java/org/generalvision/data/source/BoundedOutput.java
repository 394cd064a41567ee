package org.generalvision.data.source;

import com.github.weisj.jsvg.renderer.output.Output;
import com.github.weisj.jsvg.renderer.output.impl.Graphics2DOutput;
import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;

/**
 * Draws until a budget is spent. A small file can ask for any amount of work, by groups that use groups that use groups, or
 * by a dash far shorter than a pixel along a path far longer than the picture.
 */
final class BoundedOutput extends Graphics2DOutput {
    private final Budget budget;

    BoundedOutput(Graphics2D graphics, Budget budget) {
        super(graphics);
        this.budget = budget;
    }

    /** Work that one picture may take, in segments of paths; shared by all outputs of the picture. */
    static final class Budget {
        private long left;

        Budget(long segments) {
            left = segments;
        }

        void spend(double segments) {
            left -= (long) Math.min(segments, 1e15);
            if (left < 0) {
                throw new IllegalArgumentException("asks for more drawing than a picture may take");
            }
        }
    }

    @Override
    public void fillShape(Shape shape) {
        budget.spend(segments(shape));
        super.fillShape(shape);
    }

    @Override
    public void drawShape(Shape shape) {
        double segments = segments(shape);
        budget.spend(segments);
        if (stroke() instanceof BasicStroke stroke && stroke.getDashArray() != null) {
            budget.spend(dashes(shape, segments, stroke.getDashArray()));
        }
        super.drawShape(shape);
    }

    @Override
    public Output createChild() {
        budget.spend(1);
        return new BoundedOutput((Graphics2D) graphics().create(), budget);
    }

    private static double segments(Shape shape) {
        double segments = 1;
        for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
            segments++;
        }
        return segments;
    }

    /** An estimate from the size of the shape: each segment crosses a quarter of it. */
    private static double dashes(Shape shape, double segments, float[] dashArray) {
        double period = 0;
        for (float dash : dashArray) {
            period += dash;
        }
        Rectangle2D bounds = shape.getBounds2D();
        double length = segments * (bounds.getWidth() + bounds.getHeight()) / 4;
        return length == 0 ? 0 : length / period;
    }
}

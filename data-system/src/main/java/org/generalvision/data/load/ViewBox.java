package org.generalvision.data.load;

import java.nio.FloatBuffer;
import org.generalvision.data.augment.ViewGeometry;
import org.generalvision.data.example.Example;

/**
 * The part of a box that is in a view, in pixels of the view.
 *
 * @param share of the whole box's area that this part has, in [0, 1]
 */
record ViewBox(double x1, double y1, double x2, double y2, double share) {
    /** A part with a side below one hundredth of a pixel is none: nothing can be learned from it. */
    private static final double SMALLEST_SIDE = 1e-2;

    static final ViewBox NOTHING = new ViewBox(0, 0, 0, 0, 0);

    static ViewBox of(Example.Box box, ViewGeometry geometry) {
        double left = Math.min(geometry.x(box.x1()), geometry.x(box.x2()));
        double right = Math.max(geometry.x(box.x1()), geometry.x(box.x2()));
        double top = geometry.y(box.y1());
        double bottom = geometry.y(box.y2());
        double x1 = Math.max(left, 0);
        double y1 = Math.max(top, 0);
        double x2 = Math.min(right, geometry.width());
        double y2 = Math.min(bottom, geometry.height());
        if (x2 - x1 < SMALLEST_SIDE || y2 - y1 < SMALLEST_SIDE) {
            return NOTHING;
        }
        return new ViewBox(x1, y1, x2, y2, (x2 - x1) * (y2 - y1) / ((right - left) * (bottom - top)));
    }

    boolean isEmpty() {
        return x2 <= x1;
    }

    void write(FloatBuffer target, int at) {
        target.put(at, (float) x1);
        target.put(at + 1, (float) y1);
        target.put(at + 2, (float) x2);
        target.put(at + 3, (float) y2);
    }
}

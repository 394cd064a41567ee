package org.generalvision.data.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which object each pixel belongs to: the nearest whose opacity there is at least one half. */
final class Visibility {
    static final int NOBODY = -1;

    /** Pixels below which nobody could tell what is seen, whatever its share. */
    private static final int MIN_PIXELS = 12;

    private final List<Seen> kept;
    private final int[] owners;

    /**
     * @param kept objects from far to near, each with enough of it to be seen
     * @param owners for each pixel, row by row, its object's place in {@code kept}, or {@link #NOBODY}
     */
    Visibility(List<Seen> kept, int[] owners) {
        this.kept = kept;
        this.owners = owners;
    }

    List<Seen> kept() {
        return kept;
    }

    int[] owners() {
        return owners;
    }

    /** An object and its pixels. */
    record Seen(Placement placement, Patch patch) {}

    /**
     * Takes out, the worst first, every object of which less than a share can be seen. One at a time: what it hid may then be
     * seen well enough.
     *
     * @param objects from far to near
     * @param minVisible share of an object's pixels, those beyond the frame included
     */
    static Visibility of(List<Seen> objects, int height, int width, double minVisible) {
        List<Seen> kept = new ArrayList<>(objects);
        while (true) {
            int[] owners = owners(kept, height, width);
            int worst = worst(kept, owners, minVisible);
            if (worst == NOBODY) {
                return new Visibility(List.copyOf(kept), owners);
            }
            kept.remove(worst);
        }
    }

    private static int[] owners(List<Seen> objects, int height, int width) {
        int[] owners = new int[height * width];
        Arrays.fill(owners, NOBODY);
        for (int i = 0; i < objects.size(); i++) {
            Patch patch = objects.get(i).patch();
            for (int y = Math.max(0, -patch.top()); y < Math.min(patch.height(), height - patch.top()); y++) {
                for (int x = Math.max(0, -patch.left()); x < Math.min(patch.width(), width - patch.left()); x++) {
                    if (patch.covers(y, x)) {
                        owners[(y + patch.top()) * width + x + patch.left()] = i;
                    }
                }
            }
        }
        return owners;
    }

    private static int worst(List<Seen> objects, int[] owners, double minVisible) {
        int[] pixels = new int[objects.size()];
        for (int owner : owners) {
            if (owner != NOBODY) {
                pixels[owner]++;
            }
        }
        int worst = NOBODY;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < pixels.length; i++) {
            double share =
                    pixels[i] / (double) Math.max(1, objects.get(i).patch().area());
            boolean hidden = share < minVisible || pixels[i] < MIN_PIXELS;
            if (hidden && share < smallest) {
                worst = i;
                smallest = share;
            }
        }
        return worst;
    }
}

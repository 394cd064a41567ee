package org.generalvision.data.scene;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.Range;
import org.jspecify.annotations.Nullable;

/**
 * Draws what stands where. A class and a height come first, evenly; then a depth, evenly in its logarithm, among those at
 * which the object has a permitted size, its foot is in the picture and so is its middle. Where there is none (a house in a
 * small room), another class is drawn.
 */
final class Layout {
    private static final int NUM_TRIES = 20;

    private final SceneConfig config;
    private final List<String> labels;
    private final CutoutLibrary library;

    Layout(SceneConfig config, CutoutLibrary library) {
        this.config = config;
        this.labels = config.labels();
        this.library = library;
    }

    /**
     * Objects from far to near, none nearer than the one after it; empty if nothing fits.
     *
     * @param wall depth in metres behind which nothing stands
     */
    List<Placement> draw(Camera camera, double wall, RandomGenerator random) {
        SceneConfig.Count count = config.objects().count();
        int number = count.low() + random.nextInt(count.high() - count.low() + 1);
        List<Placement> placements = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Placement placement = null;
            for (int tried = 0; tried < NUM_TRIES && placement == null; tried++) {
                placement = place(camera, wall, random);
            }
            if (placement != null) {
                placements.add(placement);
            }
        }
        placements.sort(Comparator.comparingDouble(Placement::depth).reversed());
        return placements;
    }

    private @Nullable Placement place(Camera camera, double wall, RandomGenerator random) {
        String label = labels.get(random.nextInt(labels.size()));
        SceneConfig.Thing thing = thing(label);
        Cutout cutout = library.get(label, random.nextInt(library.sizeOf(label)));
        double metres = thing.height().draw(random);
        double elevation = thing.elevation().draw(random);
        Range depths = depths(camera, wall, metres, elevation, cutout.aspect());
        if (depths == null) {
            return null;
        }
        double depth = toUnit(logUniform(depths, random), depths);
        double column = config.width() * random.nextDouble();
        boolean flipped = random.nextDouble() < config.objects().flip();
        return new Placement(label, cutout, metres, elevation, depth, column, flipped, gains(random));
    }

    private SceneConfig.Thing thing(String label) {
        return java.util.Objects.requireNonNull(config.classes().get(label), label);
    }

    /** Depths at which the object may stand, or null. */
    private @Nullable Range depths(Camera camera, double wall, double metres, double elevation, double aspect) {
        double longer = metres * Math.max(1, aspect);
        Range pixels = config.objects().pixels();
        double near = Math.max(config.camera().near(), camera.depthOf(longer, pixels.high()));
        near = Math.max(near, camera.nearestSeen(elevation, config.height()));
        near = Math.max(near, camera.nearestSeen(elevation + metres / 2, config.height()));
        double far = Math.min(config.camera().far(), wall);
        far = Math.min(far, camera.depthOf(longer, pixels.low()));
        return near < far ? new Range(near, far) : null;
    }

    static double logUniform(Range range, RandomGenerator random) {
        double low = StrictMath.log(range.low());
        return StrictMath.exp(low + (StrictMath.log(range.high()) - low) * random.nextDouble());
    }

    /** The depth as it is stored, so that size and stored depth agree exactly. */
    private double toUnit(double depth, Range depths) {
        double unit = config.output().metresPerUnit();
        double rounded = Math.rint(depth / unit) * unit;
        return rounded > depths.low() && rounded < depths.high() ? rounded : depth;
    }

    private Color gains(RandomGenerator random) {
        double gain = config.appearance().gain().draw(random);
        return new Color(1, 1, 1).times(gain).filtered(new Color(shift(random), shift(random), shift(random)));
    }

    private float shift(RandomGenerator random) {
        return (float) (1 + config.appearance().tint() * (2 * random.nextDouble() - 1));
    }
}

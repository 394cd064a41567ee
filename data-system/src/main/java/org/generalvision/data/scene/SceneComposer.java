package org.generalvision.data.scene;

import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.source.Split;

/**
 * Makes scene number i of a seed and split, always the same, in any order, on any thread.
 *
 * <p>Objects are pasted from far to near. A pixel belongs to the nearest object whose opacity there is at least one half:
 * that gives instance masks, which never overlap, boxes that are tight around what can be seen, and depth, which is the
 * object's own inside of its mask and that of floor, ground and wall elsewhere. What is hidden too far is taken out of the
 * scene before it is drawn, so that nothing is seen that is not annotated.
 */
final class SceneComposer {
    private static final int NUM_TRIES = 50;

    private final SceneConfig config;
    private final long seed;
    private final Split split;
    private final Layout layout;
    private final Backdrops backdrops;

    SceneComposer(SceneConfig config, long seed, Split split, CutoutLibrary library, Backdrops backdrops) {
        this.config = config;
        this.seed = seed;
        this.split = split;
        this.layout = new Layout(config, library);
        this.backdrops = backdrops;
    }

    /** One scene. */
    Example compose(long index) {
        RandomGenerator arrangement = stream(index, "arrangement");
        for (int tried = 0; tried < NUM_TRIES; tried++) {
            Camera camera = camera(arrangement);
            Backdrop backdrop = backdrops.choose(arrangement);
            Setting setting = backdrops.draw(backdrop, arrangement);
            List<Visibility.Seen> objects = layout.draw(camera, setting.wall(), arrangement).stream()
                    .map(placement -> new Visibility.Seen(placement, placement.seenBy(camera)))
                    .toList();
            Visibility visibility = Visibility.of(
                    objects, config.height(), config.width(), config.objects().minVisible());
            if (!visibility.kept().isEmpty()) {
                SceneCanvas canvas = paint(camera, setting, visibility, index);
                return example(index, backdrop, setting, canvas, visibility);
            }
        }
        throw new IllegalArgumentException(
                ("Scene %d found no place for any object in %d attempts: widen objects.pixels, camera.far or the heights of"
                                + " the classes")
                        .formatted(index, NUM_TRIES));
    }

    private RandomGenerator stream(long index, String purpose) {
        return RandomStream.of(seed, 0, index, split.lowerName() + " " + purpose);
    }

    private Camera camera(RandomGenerator random) {
        SceneConfig.Optics optics = config.camera();
        return new Camera(
                optics.focal().draw(random),
                optics.centerX().draw(random) * config.width(),
                optics.centerY().draw(random) * config.height(),
                Layout.logUniform(optics.height(), random));
    }

    private SceneCanvas paint(Camera camera, Setting setting, Visibility visibility, long index) {
        SceneCanvas canvas = new SceneCanvas(config.height(), config.width());
        setting.paint(canvas, camera, stream(index, "backdrop"));
        canvas.forgetBeyond(config.camera().far());
        for (Visibility.Seen object : visibility.kept()) {
            shade(canvas, camera, object.placement());
            canvas.paste(object, setting.air(), setting.haze(object.placement().depth()));
        }
        expose(canvas, stream(index, "exposure"));
        return canvas;
    }

    /** The shadow of noon: below the object, as wide as it is, a third as deep as it is wide. */
    private void shade(SceneCanvas canvas, Camera camera, Placement placement) {
        double darkness = config.appearance().shadow();
        if (!placement.stands() || darkness == 0) {
            return;
        }
        double depth = placement.depth();
        double halfWidth = placement.halfWidth(camera);
        double deep = placement.metres() * placement.cutout().aspect() / 3;
        double halfHeight = Math.max(1.5, camera.row(0, depth - Math.min(deep, depth) / 2) - camera.row(0, depth));
        canvas.shade(camera.row(0, depth), placement.column(), Math.min(halfHeight, halfWidth), halfWidth, darkness);
    }

    private void expose(SceneCanvas canvas, RandomGenerator random) {
        SceneConfig.Appearance appearance = config.appearance();
        double warm = appearance.light() / 4 * (2 * random.nextDouble() - 1);
        Color light = new Color((float) (255 * (1 + warm)), 255, (float) (255 * (1 - warm)));
        canvas.light(light, appearance.light() * (2 * random.nextDouble() - 1));
        canvas.blur(appearance.blur().draw(random));
        canvas.grain(appearance.noise().draw(random), random.nextLong());
    }

    private Example example(long index, Backdrop backdrop, Setting setting, SceneCanvas canvas, Visibility visibility) {
        SceneAnnotations found = SceneAnnotations.of(visibility, config);
        double unit = config.output().metresPerUnit();
        TreeSet<String> absent = new TreeSet<>(setting.mayHoldOthers() ? List.of() : config.labels());
        found.labels().forEach(absent::remove);
        return Example.builder(
                        "%s/%d/%08d".formatted(split.lowerName(), seed, index),
                        Pixels.encode(canvas.rgb(), config.height(), config.width(), config.output()),
                        SceneSource.NAME,
                        licence(backdrop, visibility))
                .labels(found.labels())
                .absentLabels(List.copyOf(absent))
                .boxes(found.boxes())
                .masks(found.masks())
                .depth(new Example.Depth(
                        Pixels.encodeDepth(canvas.metres(), config.height(), config.width(), unit), unit))
                .synthetic(true)
                .build();
    }

    /** All licences that apply, as an SPDX expression. */
    private static String licence(Backdrop backdrop, Visibility visibility) {
        TreeSet<String> licences = new TreeSet<>();
        visibility
                .kept()
                .forEach(object -> licences.add(object.placement().cutout().licence()));
        if (backdrop instanceof Backdrop.Photos photos) {
            licences.add(photos.licence());
        }
        return String.join(" AND ", licences);
    }
}

package org.generalvision.data.scene;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.Range;

/**
 * How scenes are made; the same settings, seed and number give the same scene.
 *
 * @param height rows of the image, 16 to 2048
 * @param width columns of the image, 16 to 2048
 * @param camera what the camera is drawn from
 * @param classes what stands before it: the label of the cut-outs and its size
 * @param objects how many, and how large they may be seen
 * @param appearance colors and light
 * @param backdrops what is behind them
 * @param output how image and depth are stored
 */
public record SceneConfig(
        int height,
        int width,
        Optics camera,
        Map<String, Thing> classes,
        Crowd objects,
        Appearance appearance,
        List<Backdrop> backdrops,
        Output output) {
    private static final int MIN_SIDE = 16;
    private static final int MAX_SIDE = 2048;

    public SceneConfig {
        requireSide("height", height);
        requireSide("width", width);
        // The order of the file is the order of the draws.
        classes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(classes));
        backdrops = List.copyOf(backdrops);
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("classes must name at least one label of the cut-outs");
        }
        if (backdrops.isEmpty()) {
            throw new IllegalArgumentException("backdrops must hold at least one");
        }
        if (camera.far() > output.maxMetres()) {
            throw new IllegalArgumentException(
                    "camera.far is %s m, but 16 bits of output.metresPerUnit %s end at %s m: raise the one or lower the other"
                            .formatted(camera.far(), output.metresPerUnit(), output.maxMetres()));
        }
    }

    /** Labels in the order of the recipe. */
    List<String> labels() {
        return new ArrayList<>(classes.keySet());
    }

    /**
     * What a scene's camera is drawn from; it looks along the ground (pitch 0).
     *
     * @param focal focal length in pixels
     * @param centerX column of the principal point as a share of the width
     * @param centerY row of the principal point, the horizon, as a share of the height
     * @param height above the ground in metres, drawn evenly in its logarithm
     * @param near depth in metres before which nothing stands
     * @param far depth in metres behind which nothing stands, and no depth is stated
     */
    public record Optics(Range focal, Range centerX, Range centerY, Range height, double near, double far) {
        public Optics {
            requirePositive("focal", focal);
            requirePositive("height", height);
            requireShare("centerX", centerX);
            requireShare("centerY", centerY);
            if (!(near > 0 && near < far && far < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "near and far must be finite with 0 < near < far: %s, %s".formatted(near, far));
            }
        }
    }

    /**
     * One class of objects.
     *
     * @param height in metres, of the cut-out's visible part
     * @param elevation of its lowest point above the ground in metres: 0 to 0 stands, more floats
     */
    public record Thing(Range height, Range elevation) {
        public Thing {
            requirePositive("height", height);
            if (elevation.low() < 0) {
                throw new IllegalArgumentException("elevation must not be below the ground: " + elevation.low());
            }
        }
    }

    /**
     * The objects of a scene.
     *
     * @param count smallest and largest number that is placed; hidden ones are taken out again
     * @param pixels smallest and largest longer side of an object, in pixels, before occlusion
     * @param minVisible share of an object, in (0, 1], that neither the frame nor nearer objects may hide; one with less is
     *     taken out of the scene
     * @param flip probability that a cut-out is mirrored
     */
    public record Crowd(Count count, Range pixels, double minVisible, double flip) {
        public Crowd {
            if (!(pixels.low() >= 4)) {
                throw new IllegalArgumentException("pixels must be at least 4: " + pixels.low());
            }
            if (!(minVisible > 0 && minVisible <= 1)) {
                throw new IllegalArgumentException("minVisible must lie in (0, 1]: " + minVisible);
            }
            if (!(flip >= 0 && flip <= 1)) {
                throw new IllegalArgumentException("flip must lie in [0, 1]: " + flip);
            }
        }
    }

    /** A closed interval of whole numbers from 1 to 200. */
    public record Count(int low, int high) {
        public Count {
            if (low < 1 || high < low || high > 200) {
                throw new IllegalArgumentException(
                        "A count must have 1 <= low <= high <= 200: low %d, high %d".formatted(low, high));
            }
        }
    }

    /**
     * What changes colors, never geometry.
     *
     * @param gain brightness of an object
     * @param tint strength of the change of each object's red, green and blue, in [0, 1)
     * @param light strength of the change of the whole scene's light from one side to the other, in [0, 1)
     * @param shadow darkness of the shadow below what stands, in [0, 1)
     * @param haze depth in metres over which the air of an outdoor scene takes away 63% of the contrast; 0 for none
     * @param blur standard deviation of the lens's blur in pixels
     * @param noise standard deviation of the sensor's noise, of 255
     */
    public record Appearance(
            Range gain, double tint, double light, double shadow, double haze, Range blur, Range noise) {
        public Appearance {
            requirePositive("gain", gain);
            requireStrength("tint", tint);
            requireStrength("light", light);
            requireStrength("shadow", shadow);
            if (!(haze >= 0)) {
                throw new IllegalArgumentException("haze must not be negative: " + haze);
            }
            requireWithin("blur", blur, 0, 4);
            requireWithin("noise", noise, 0, 64);
        }
    }

    /**
     * How image and depth are stored.
     *
     * @param format of the image; depth is always PNG
     * @param quality of a JPEG, 1 to 100; without meaning for PNG
     * @param metresPerUnit of the 16-bit depth, 0 being unknown
     */
    public record Output(Format format, int quality, double metresPerUnit) {
        static final int MAX_UNITS = 65535;

        public Output {
            if (quality < 1 || quality > 100) {
                throw new IllegalArgumentException("quality must lie in 1..100: " + quality);
            }
            if (!(metresPerUnit >= 1e-5 && metresPerUnit <= 1)) {
                throw new IllegalArgumentException("metresPerUnit must lie in [0.00001, 1]: " + metresPerUnit);
            }
        }

        double maxMetres() {
            return MAX_UNITS * metresPerUnit;
        }
    }

    /** Formats of the image. */
    public enum Format {
        PNG,
        JPEG
    }

    private static void requireSide(String name, int side) {
        if (side < MIN_SIDE || side > MAX_SIDE) {
            throw new IllegalArgumentException("%s must lie in %d..%d: %d".formatted(name, MIN_SIDE, MAX_SIDE, side));
        }
    }

    private static void requirePositive(String name, Range range) {
        if (!(range.low() > 0)) {
            throw new IllegalArgumentException(name + " must be positive: " + range.low());
        }
    }

    private static void requireShare(String name, Range range) {
        requireWithin(name, range, 0.05, 0.95);
    }

    private static void requireStrength(String name, double strength) {
        if (!(strength >= 0 && strength < 1)) {
            throw new IllegalArgumentException(name + " must lie in [0, 1): " + strength);
        }
    }

    private static void requireWithin(String name, Range range, double low, double high) {
        if (!(range.low() >= low && range.high() <= high)) {
            throw new IllegalArgumentException(
                    "%s must lie in [%s, %s]: %s to %s".formatted(name, low, high, range.low(), range.high()));
        }
    }
}

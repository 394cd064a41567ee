package org.generalvision.data.scene;

import java.util.random.RandomGenerator;
import org.generalvision.data.augment.Range;

/** A backdrop that was drawn for one scene. */
sealed interface Setting {
    /** Depth in metres behind which nothing can stand. */
    double wall();

    /** Fills the canvas. */
    void paint(SceneCanvas canvas, Camera camera, RandomGenerator random);

    /** Color of the air; the farther, the more of it is seen. */
    default Color air() {
        return new Color(0, 0, 0);
    }

    /** How much of what is at a depth the air hides. */
    default double haze(double depth) {
        return 0;
    }

    /** Whether something is on the pictures that nobody has annotated. */
    default boolean mayHoldOthers() {
        return false;
    }

    /** Field and sky. */
    record Outdoor(Color air, double hazeMetres) implements Setting {
        private static final Range SKY_HUE = new Range(0.52, 0.66);
        private static final Range[] GROUND_HUES = {new Range(0.2, 0.38), new Range(0.05, 0.13), new Range(0, 1)};

        static Outdoor draw(double hazeMetres, RandomGenerator random) {
            Color air = Color.draw(SKY_HUE, new Range(0, 0.25), new Range(0.75, 0.97), random);
            return new Outdoor(air, hazeMetres);
        }

        @Override
        public double wall() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public double haze(double depth) {
            return hazeMetres == 0 ? 0 : 1 - StrictMath.exp(-depth / hazeMetres);
        }

        @Override
        public void paint(SceneCanvas canvas, Camera camera, RandomGenerator random) {
            Color zenith = Color.draw(SKY_HUE, new Range(0.2, 0.7), new Range(0.5, 0.95), random);
            Color cloud = new Color(245, 245, 248);
            double cover = random.nextDouble();
            Noise clouds = new Noise(random.nextLong());
            Ground ground = Ground.draw(GROUND_HUES[random.nextInt(GROUND_HUES.length)], random);
            for (int y = 0; y < canvas.height(); y++) {
                double row = y + 0.5;
                double depth = camera.groundDepth(row);
                double up = (camera.centerY() - row) / camera.focal();
                double hidden = haze(depth);
                for (int x = 0; x < canvas.width(); x++) {
                    if (row > camera.centerY()) {
                        Color color = ground.at(camera.across(x + 0.5, depth), depth, camera);
                        canvas.set(y, x, color.towards(air, hidden), depth);
                    } else {
                        double across = (x + 0.5 - camera.centerX()) / camera.focal();
                        double puff = clouds.rough(3 * across / (0.15 + up), 3 / (0.15 + up)) + cover - 0.6;
                        Color sky = air.towards(zenith, Math.min(1, 2.5 * up));
                        canvas.set(y, x, sky.towards(cloud, Math.max(0, Math.min(0.9, 1.5 * puff))), 0);
                    }
                }
            }
        }
    }

    /** Floor and wall. */
    record Room(double wall) implements Setting {
        @Override
        public void paint(SceneCanvas canvas, Camera camera, RandomGenerator random) {
            Ground floor = Ground.draw(new Range(0, 1), random);
            Color paper = Color.draw(new Range(0, 1), new Range(0.05, 0.5), new Range(0.4, 0.95), random);
            double stripe = random.nextInt(3) == 0 ? 0.1 + 0.4 * random.nextDouble() : 0;
            double skirting = 0.05 + 0.1 * random.nextDouble();
            Noise stains = new Noise(random.nextLong());
            for (int y = 0; y < canvas.height(); y++) {
                double depth = camera.groundDepth(y + 0.5);
                double elevation = camera.height() - (y + 0.5 - camera.centerY()) * wall / camera.focal();
                for (int x = 0; x < canvas.width(); x++) {
                    if (depth < wall) {
                        canvas.set(y, x, floor.at(camera.across(x + 0.5, depth), depth, camera), depth);
                    } else {
                        double across = camera.across(x + 0.5, wall);
                        boolean dark = stripe > 0 && Math.floorMod((long) Math.floor(across / stripe), 2L) == 0;
                        double light = (elevation < skirting ? 0.6 : dark ? 0.85 : 1)
                                * (1 + 0.08 * stains.at(across * 1.5, elevation * 1.5));
                        canvas.set(y, x, paper.times(light), wall);
                    }
                }
            }
        }
    }

    /** A gradient with noise. */
    record Plain() implements Setting {
        @Override
        public double wall() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public void paint(SceneCanvas canvas, Camera camera, RandomGenerator random) {
            Range any = new Range(0, 1);
            Color from = Color.draw(any, new Range(0, 0.7), new Range(0.25, 1), random);
            Color to = Color.draw(any, new Range(0, 0.7), new Range(0.25, 1), random);
            double turn = 2 * StrictMath.PI * random.nextDouble();
            double cosine = StrictMath.cos(turn);
            double sine = StrictMath.sin(turn);
            Noise noise = new Noise(random.nextLong());
            double cells = 2 + 14 * random.nextDouble();
            double strength = 0.3 * random.nextDouble();
            for (int y = 0; y < canvas.height(); y++) {
                for (int x = 0; x < canvas.width(); x++) {
                    double down = (y + 0.5) / canvas.height() - 0.5;
                    double across = (x + 0.5) / canvas.width() - 0.5;
                    double share = Math.max(0, Math.min(1, 0.5 + cosine * across + sine * down));
                    double light = 1 + strength * noise.rough(cells * across, cells * down);
                    canvas.set(y, x, from.towards(to, share).times(light), 0);
                }
            }
        }
    }

    /** A part of a photograph. */
    record Photo(PhotoFolder.Photo photo) implements Setting {
        @Override
        public double wall() {
            return Double.POSITIVE_INFINITY;
        }

        @Override
        public boolean mayHoldOthers() {
            return true;
        }

        @Override
        public void paint(SceneCanvas canvas, Camera camera, RandomGenerator random) {
            photo.paint(canvas, random);
        }
    }
}

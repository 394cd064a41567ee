package org.generalvision.data.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.generalvision.data.scene.SceneFixtures.CAMERA_HEIGHT;
import static org.generalvision.data.scene.SceneFixtures.CENTER_Y;
import static org.generalvision.data.scene.SceneFixtures.FAR;
import static org.generalvision.data.scene.SceneFixtures.FOCAL;
import static org.generalvision.data.scene.SceneFixtures.HEIGHT;
import static org.generalvision.data.scene.SceneFixtures.WIDTH;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every annotation of a scene against the pinhole camera's equations and against the others. */
class SceneGeometryTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void drawCutouts() {
        SceneFixtures.cutouts(folder);
    }

    private static List<Example> scenes(SceneConfig config, long count) {
        return SceneFixtures.scenes(SceneFixtures.recipe(folder, config, count));
    }

    private static double metres(Example example, BufferedImage depth, int y, int x) {
        return depth.getRaster().getSample(x, y, 0) * known(example).metresPerUnit();
    }

    private static Example.Depth known(Example example) {
        return Objects.requireNonNull(example.depth());
    }

    private static BufferedImage depth(Example example) {
        return SceneFixtures.read(known(example).png());
    }

    private static List<Mask> instances(Example example) {
        return example.masks().stream().filter(mask -> mask.box() != null).toList();
    }

    @Test
    void heightInPixelsIsFocalLengthTimesHeightOverDepth() {
        double disc = 0.5;
        int compared = 0;
        for (Example example : scenes(SceneFixtures.config(1, new Backdrop.Outdoor(1)), 200)) {
            BufferedImage depth = depth(example);
            Example.Box box = example.boxes().get(0);
            int first = instances(example).get(0).runLengths().pixels().nextSetBit(0);
            double z = metres(example, depth, first % HEIGHT, first / HEIGHT);
            double bottom =
                    HEIGHT * CENTER_Y + FOCAL * (CAMERA_HEIGHT - (box.label().equals("disc") ? 0.3 : 0)) / z;
            if (box.y1() > 0) {
                assertThat(box.y2() - box.y1())
                        .isCloseTo(FOCAL * (box.label().equals("disc") ? disc : 0.8) / z, within(1.0));
                assertThat(box.y2()).isCloseTo(Math.min(HEIGHT, bottom), within(1.0));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void groundDepthIsFocalLengthTimesCameraHeightOverRowsBelowTheHorizon() {
        for (Example example : scenes(SceneFixtures.config(3, new Backdrop.Outdoor(1)), 10)) {
            BufferedImage depth = depth(example);
            BitSet objects = new BitSet();
            instances(example).forEach(mask -> objects.or(mask.runLengths().pixels()));
            double worst = 0;
            for (int y = 0; y < HEIGHT; y++) {
                double below = y + 0.5 - HEIGHT * CENTER_Y;
                double ground = below > 0 ? FOCAL * CAMERA_HEIGHT / below : Double.POSITIVE_INFINITY;
                for (int x = 0; x < WIDTH; x++) {
                    if (!objects.get(x * HEIGHT + y)) {
                        double expected = ground <= FAR ? ground : 0;
                        worst = Math.max(worst, Math.abs(metres(example, depth, y, x) - expected));
                    }
                }
            }
            assertThat(worst).isLessThan(0.00051);
        }
    }

    @Test
    void aRoomHasItsWallBehindTheFloorAndNothingBehindTheWall() {
        double wall = 3;
        for (Example example : scenes(SceneFixtures.config(3, new Backdrop.Room(1, new Range(wall, wall))), 20)) {
            BufferedImage depth = depth(example);
            double nearestFloor = FOCAL * CAMERA_HEIGHT / (HEIGHT - 0.5 - HEIGHT * CENTER_Y);
            double nearest = Double.POSITIVE_INFINITY;
            double farthest = 0;
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    nearest = Math.min(nearest, metres(example, depth, y, x));
                    farthest = Math.max(farthest, metres(example, depth, y, x));
                }
            }
            assertThat(farthest).isCloseTo(wall, within(0.00051));
            assertThat(nearest).isBetween(0.5, nearestFloor + 0.001);
        }
    }

    @Test
    void depthIsConstantOnEachMaskAndBoxesGoFromNearToFar() {
        for (Example example : scenes(SceneFixtures.config(5, new Backdrop.Plain(1)), 40)) {
            BufferedImage depth = depth(example);
            double last = 0;
            BitSet objects = new BitSet();
            for (Mask mask : instances(example)) {
                BitSet pixels = mask.runLengths().pixels();
                double[] depths = pixels.stream()
                        .mapToDouble(at -> metres(example, depth, at % HEIGHT, at / HEIGHT))
                        .distinct()
                        .toArray();
                assertThat(depths).hasSize(1);
                assertThat(depths[0]).isGreaterThanOrEqualTo(last).isBetween(0.5, FAR);
                last = depths[0];
                objects.or(pixels);
            }
            // A plain background has no depth, so depth and the union of the masks say the same.
            BitSet known = new BitSet();
            for (int at = 0; at < HEIGHT * WIDTH; at++) {
                known.set(at, metres(example, depth, at % HEIGHT, at / HEIGHT) > 0);
            }
            assertThat(known).isEqualTo(objects);
        }
    }

    @Test
    void masksAreDisjointAndBoxesAreTightAroundThem() {
        for (Example example : scenes(SceneFixtures.config(6, new Backdrop.Outdoor(1)), 40)) {
            List<Mask> masks = instances(example);
            assertThat(masks).hasSameSizeAs(example.boxes());
            BitSet seen = new BitSet();
            for (int i = 0; i < masks.size(); i++) {
                assertThat(masks.get(i).box()).isEqualTo(i);
                BitSet pixels = masks.get(i).runLengths().pixels();
                assertThat(seen.intersects(pixels)).isFalse();
                seen.or(pixels);
                Example.Box box = example.boxes().get(i);
                assertThat(box.label()).isEqualTo(masks.get(i).label());
                assertThat(box.x1())
                        .isEqualTo(pixels.stream().map(at -> at / HEIGHT).min().orElseThrow());
                assertThat(box.y1())
                        .isEqualTo(pixels.stream().map(at -> at % HEIGHT).min().orElseThrow());
                assertThat(box.x2())
                        .isEqualTo(pixels.stream().map(at -> at / HEIGHT).max().orElseThrow() + 1);
                assertThat(box.y2())
                        .isEqualTo(pixels.stream().map(at -> at % HEIGHT).max().orElseThrow() + 1);
            }
        }
    }

    @Test
    void semanticMasksAreTheUnionsOfTheInstancesAndLabelsNameThem() {
        for (Example example : scenes(SceneFixtures.config(5, new Backdrop.Outdoor(1)), 20)) {
            Map<String, BitSet> unions = new HashMap<>();
            instances(example)
                    .forEach(mask -> unions.computeIfAbsent(mask.label(), l -> new BitSet())
                            .or(mask.runLengths().pixels()));
            Map<String, BitSet> regions = new HashMap<>();
            example.masks().stream()
                    .filter(mask -> mask.box() == null)
                    .forEach(mask -> regions.put(mask.label(), mask.runLengths().pixels()));
            assertThat(regions).isEqualTo(unions);
            assertThat(example.labels()).containsExactlyInAnyOrderElementsOf(unions.keySet());
            assertThat(example.absentLabels()).doesNotContainAnyElementsOf(example.labels());
            assertThat(example.labels().size() + example.absentLabels().size()).isEqualTo(2);
            assertThat(example.synthetic()).isTrue();
        }
    }

    @Test
    void pixelsInsideOfAMaskHaveTheColorOfItsObject() {
        for (Example example : scenes(SceneFixtures.config(4, new Backdrop.Outdoor(1)), 20)) {
            BufferedImage image = SceneFixtures.read(example.image());
            for (Mask mask : instances(example)) {
                BitSet pixels = mask.runLengths().pixels();
                // Of a pixel all of whose neighbors belong to the object nothing else can be seen.
                assertThat(pixels.stream()
                                .filter(at -> surrounded(pixels, at))
                                .map(at -> image.getRGB(at / HEIGHT, at % HEIGHT) >> 16 & 255)
                                .filter(red -> red != (mask.label().equals("box") ? 200 : 20)))
                        .isEmpty();
            }
        }
    }

    private static boolean surrounded(BitSet pixels, int at) {
        for (int across = -2; across <= 2; across++) {
            for (int down = -2; down <= 2; down++) {
                int x = at / HEIGHT + across;
                int y = at % HEIGHT + down;
                if (x < 0 || x >= WIDTH || y < 0 || y >= HEIGHT || !pixels.get(x * HEIGHT + y)) {
                    return false;
                }
            }
        }
        return true;
    }
}

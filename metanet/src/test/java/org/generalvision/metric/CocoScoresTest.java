package org.generalvision.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.example.Mask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CocoScoresTest {
    private static final double ONE_TRUTH_IN_TWO = (51 + 50 * 2.0 / 3) / 101;

    private static Region.Box box(double x, double y, double width, double height) {
        return new Region.Box(x, y, x + width, y + height);
    }

    private static TrueObject truth(Region region) {
        return TrueObject.of(0, region);
    }

    private static TrueObject crowd(Region region) {
        return new TrueObject(0, region, region.area(), true);
    }

    private static Detection detection(double score, Region region) {
        return new Detection(0, score, region);
    }

    private static CocoScores scores(List<TrueObject> truths, Detection... detections) {
        return CocoScores.of(List.of(new ImageObjects(truths, List.of(detections))), 1);
    }

    @Test
    void aMistakeBetweenTwoHitsCostsTheRecallBehindIt() {
        CocoScores scores = scores(
                List.of(truth(box(0, 0, 10, 10)), truth(box(50, 0, 10, 10))),
                detection(0.9, box(0, 0, 10, 10)),
                detection(0.8, box(80, 80, 10, 10)),
                detection(0.7, box(50, 0, 10, 10)));
        // Precision 1 at the recalls 0 to 0.5, 2/3 at those above.
        assertThat(scores.ap()).isCloseTo(ONE_TRUTH_IN_TWO, within(1e-12));
        assertThat(scores.ap50()).isEqualTo(scores.ap75()).isCloseTo(ONE_TRUTH_IN_TWO, within(1e-12));
        assertThat(scores.ar1()).isEqualTo(0.5);
        assertThat(scores.ar10()).isEqualTo(1);
    }

    @Test
    void anOverlapOf62PercentPassesThreeOfTenThresholds() {
        CocoScores scores = scores(List.of(truth(box(0, 0, 10, 10))), detection(0.5, box(0, 0, 10, 6.2)));
        assertThat(scores.ap50()).isEqualTo(1);
        assertThat(scores.ap75()).isZero();
        assertThat(scores.ap()).isCloseTo(0.3, within(1e-12));
        assertThat(scores.ar100()).isCloseTo(0.3, within(1e-12));
    }

    @Test
    void aSecondDetectionOfOneTruthIsWrong() {
        CocoScores scores = scores(
                List.of(truth(box(0, 0, 10, 10)), truth(box(50, 0, 10, 10))),
                detection(0.9, box(0, 0, 10, 10)),
                detection(0.8, box(0, 0, 10, 9.9)),
                detection(0.7, box(50, 0, 10, 10)));
        assertThat(scores.ap()).isCloseTo(ONE_TRUTH_IN_TWO, within(1e-12));
    }

    @Test
    void detectionsWithinACrowdAreNeitherRightNorWrong() {
        List<TrueObject> truths = List.of(crowd(box(0, 0, 100, 100)), truth(box(200, 0, 10, 10)));
        Detection hit = detection(0.1, box(200, 0, 10, 10));
        assertThat(scores(truths, detection(0.9, box(5, 5, 10, 10)), detection(0.8, box(5, 5, 10, 10)), hit)
                        .ap())
                .isEqualTo(1);
        // Less than half of it lies within the crowd.
        assertThat(scores(truths, detection(0.9, box(95, 0, 30, 10)), hit).ap()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void aTruthThatCountsComesBeforeACrowdThatIsOverlappedMore() {
        CocoScores scores =
                scores(List.of(crowd(box(0, 0, 100, 100)), truth(box(0, 0, 10, 10))), detection(0.9, box(0, 0, 10, 8)));
        assertThat(scores.ap50()).isEqualTo(1);
    }

    @Test
    void objectsCountBySize() {
        CocoScores scores = scores(
                List.of(truth(box(0, 0, 10, 10)), truth(box(200, 200, 200, 200))),
                detection(0.9, box(0, 0, 10, 10)),
                detection(0.8, box(300, 0, 50, 50)));
        assertThat(scores.apSmall()).isEqualTo(1);
        assertThat(scores.apMedium()).isNaN();
        assertThat(scores.apLarge()).isZero();
        assertThat(scores.arSmall()).isEqualTo(1);
        assertThat(scores.arLarge()).isZero();
    }

    @Test
    void theAreaThatIsStatedDecidesTheSize() {
        TrueObject thin = new TrueObject(0, box(0, 0, 40, 40), 100, false);
        CocoScores scores = scores(List.of(thin), detection(0.9, box(0, 0, 40, 40)));
        assertThat(scores.apSmall()).isEqualTo(1);
        assertThat(scores.apMedium()).isNaN();
    }

    @Test
    void onlyTheHundredSurestOfAnImageAreLookedAt() {
        Region.Box object = box(0, 0, 10, 10);
        Detection[] detections = Stream.concat(
                        IntStream.range(0, 100).mapToObj(i -> detection(0.9, box(500, 500, 10, 10))),
                        Stream.of(detection(0.5, object)))
                .toArray(Detection[]::new);
        assertThat(scores(List.of(truth(object)), detections).ar100()).isZero();
    }

    @Test
    void equalScoresKeepTheirOrder() {
        Region.Box object = box(0, 0, 10, 10);
        Detection right = detection(0.5, object);
        Detection wrong = detection(0.5, box(50, 50, 10, 10));
        assertThat(scores(List.of(truth(object)), right, wrong).ap()).isEqualTo(1);
        assertThat(scores(List.of(truth(object)), wrong, right).ap()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void classesWithoutTruthsDoNotCountAndNothingAtAllIsNoNumber() {
        ImageObjects image = new ImageObjects(
                List.of(truth(box(0, 0, 10, 10))),
                List.of(detection(0.9, box(0, 0, 10, 10)), new Detection(1, 0.9, box(0, 0, 5, 5))));
        CocoScores scores = CocoScores.of(List.of(image), 3);
        assertThat(scores.ap()).isEqualTo(1);
        assertThat(scores.apOfClass().asList()).containsExactly(1.0, Double.NaN, Double.NaN);
        CocoScores empty = CocoScores.of(List.of(new ImageObjects(List.of(), List.of())), 1);
        assertThat(empty.ap()).isNaN();
        assertThat(empty.figures()).isEmpty();
        assertThat(scores.figures()).containsEntry("AP", 1.0).doesNotContainKey("APl");
    }

    @Test
    void aWrongDetectionInAnImageWithoutTruthsCounts() {
        ImageObjects full =
                new ImageObjects(List.of(truth(box(0, 0, 10, 10))), List.of(detection(0.5, box(0, 0, 10, 10))));
        ImageObjects empty = new ImageObjects(List.of(), List.of(detection(0.9, box(0, 0, 10, 10))));
        assertThat(CocoScores.of(List.of(empty, full), 1).ap()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void anEmptyBoxOverlapsNothing() {
        CocoScores scores = scores(List.of(truth(box(0, 0, 0, 0))), detection(0.5, box(0, 0, 0, 0)));
        assertThat(scores.ap()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void boxesAreScoredAsByTheDefinition(int seed) {
        requireEqual(Scenes.images(seed, false), seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12})
    void masksAreScoredAsByTheDefinition(int seed) {
        requireEqual(Scenes.images(seed, true), seed);
    }

    private static void requireEqual(List<ImageObjects> images, int seed) {
        CocoScores scores = CocoScores.of(images, Scenes.CLASSES);
        PlainCoco plain = new PlainCoco(images, Scenes.CLASSES);
        double[] all = {0, 1e10};
        double[] small = {0, 1024};
        double[] medium = {1024, 9216};
        double[] large = {9216, 1e10};
        double[] actual = {
            scores.ap(),
            scores.ap50(),
            scores.ap75(),
            scores.apSmall(),
            scores.apMedium(),
            scores.apLarge(),
            scores.ar1(),
            scores.ar10(),
            scores.ar100(),
            scores.arSmall(),
            scores.arMedium(),
            scores.arLarge()
        };
        double[] expected = {
            plain.precision(all, 50, 95),
            plain.precision(all, 50, 50),
            plain.precision(all, 75, 75),
            plain.precision(small, 50, 95),
            plain.precision(medium, 50, 95),
            plain.precision(large, 50, 95),
            plain.recall(all, 1),
            plain.recall(all, 10),
            plain.recall(all, 100),
            plain.recall(small, 100),
            plain.recall(medium, 100),
            plain.recall(large, 100)
        };
        assertThat(actual).as("seed %d", seed).containsExactly(expected, within(1e-9));
        assertThat(actual[0]).isBetween(0.02, 0.98);
    }

    /** Scenes with crowds, equal scores, empty images, duplicates and near misses. */
    private static final class Scenes {
        static final int CLASSES = 3;
        private static final int SIDE = 160;

        private Scenes() {}

        static List<ImageObjects> images(int seed, boolean masks) {
            RandomStream random = RandomStream.of(seed, 0, 0, "scenes");
            List<ImageObjects> images = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                images.add(image(random, masks));
            }
            images.add(new ImageObjects(List.of(), List.of()));
            return images;
        }

        private static ImageObjects image(RandomStream random, boolean masks) {
            List<TrueObject> truths = new ArrayList<>();
            List<Detection> detections = new ArrayList<>();
            int numObjects = random.nextInt(7);
            for (int i = 0; i < numObjects; i++) {
                int[] place = {random.nextInt(90), random.nextInt(90), 4 + random.nextInt(120), 4 + random.nextInt(120)
                };
                Region region = region(place, masks, random);
                int label = random.nextInt(CLASSES - 1);
                truths.add(new TrueObject(label, region, region.area(), random.nextInt(6) == 0));
                int numDetections = random.nextInt(4);
                for (int k = 0; k < numDetections; k++) {
                    int[] near = place.clone();
                    for (int side = 0; side < 4; side++) {
                        near[side] = Math.max(1, near[side] + random.nextInt(9) - 4);
                    }
                    detections.add(new Detection(
                            random.nextInt(5) == 0 ? CLASSES - 1 : label,
                            random.nextInt(8) / 8.0,
                            region(near, masks, random)));
                }
            }
            return new ImageObjects(truths, detections);
        }

        private static Region region(int[] place, boolean masks, RandomStream random) {
            if (!masks) {
                return box(place[0], place[1], place[2], place[3]);
            }
            BitSet pixels = new BitSet();
            for (int x = place[0]; x < Math.min(SIDE, place[0] + place[2]); x++) {
                for (int y = place[1]; y < Math.min(SIDE, place[1] + place[3]); y++) {
                    pixels.set(x * SIDE + y, random.nextInt(12) > 0);
                }
            }
            return new Region.Pixels(Mask.RunLengths.of(SIDE, SIDE, pixels, "object", null));
        }
    }

    @Test
    void whatCannotBeScoredIsRefused() {
        Region mask = new Region.Pixels(Mask.RunLengths.of(4, 4, new BitSet(), "object", null));
        assertThatThrownBy(() -> scores(List.of(truth(mask)), detection(1, box(0, 0, 1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of one kind");
        assertThatThrownBy(() -> scores(List.of(truth(box(0, 0, 1, 1))), detection(1, mask)))
                .hasMessageContaining("of one kind");
        assertThatThrownBy(() -> scores(List.of(), new Detection(1, 1, box(0, 0, 1, 1))))
                .hasMessageContaining("image 0 has 1");
        assertThatThrownBy(() -> detection(Double.NaN, mask)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Detection(-1, 1, mask)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new TrueObject(-1, mask, 0, false)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new TrueObject(0, mask, Double.NaN, false)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new Region.Box(1, 0, 0, 1)).hasMessageContaining("x1 <= x2");
        assertThatThrownBy(() -> new Region.Box(0, 0, Double.POSITIVE_INFINITY, 1))
                .hasMessageContaining("finite");
    }
}

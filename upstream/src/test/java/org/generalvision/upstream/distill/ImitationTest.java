package org.generalvision.upstream.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.generalvision.nn.Ops;
import org.generalvision.upstream.amateur.Gradients;
import org.generalvision.upstream.head.Numbers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Distances and divergences against their definitions in plain loops, and their gradients. */
class ImitationTest {
    private static final int BATCH = 2;
    private static final int CHANNELS = 3;
    private static final int CELLS = 4 * 5;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray map(String purpose) {
        return Gradients.normal(manager, purpose, BATCH, CHANNELS, 4, 5);
    }

    /** The value of a channel of a cell. */
    private static double at(double[] map, int image, int channel, int cell) {
        return map[(image * CHANNELS + channel) * CELLS + cell];
    }

    @Test
    void differencesAreMeansOverAllElements() {
        double[] s = Numbers.of(map("student"));
        double[] t = Numbers.of(map("teacher"));
        double absolute = 0;
        double squared = 0;
        for (int i = 0; i < s.length; i++) {
            absolute += Math.abs(s[i] - t[i]) / s.length;
            squared += (s[i] - t[i]) * (s[i] - t[i]) / s.length;
        }
        assertThat(Gradients.scalar(Distance.L1.between(map("student"), map("teacher"))))
                .isCloseTo(absolute, within(1e-12));
        assertThat(Gradients.scalar(Distance.L2.between(map("student"), map("teacher"))))
                .isCloseTo(squared, within(1e-12));
    }

    @Test
    void cosinesAreThoseOfTheCellsChannels() {
        double[] s = Numbers.of(map("student"));
        double[] t = Numbers.of(map("teacher"));
        double mean = 0;
        for (int image = 0; image < BATCH; image++) {
            for (int cell = 0; cell < CELLS; cell++) {
                double product = 0;
                double ofStudent = 0;
                double ofTeacher = 0;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    product += at(s, image, channel, cell) * at(t, image, channel, cell);
                    ofStudent += Math.pow(at(s, image, channel, cell), 2);
                    ofTeacher += Math.pow(at(t, image, channel, cell), 2);
                }
                mean += product / Math.sqrt(ofStudent * ofTeacher) / (BATCH * CELLS);
            }
        }
        assertThat(Gradients.scalar(Distance.COSINE.between(map("student"), map("teacher"))))
                .isCloseTo(1 - mean, within(1e-12));
        NDArray scaled = Ops.scale(map("teacher"), 7);
        assertThat(Gradients.scalar(Distance.COSINE.between(scaled, map("teacher"))))
                .isCloseTo(0, within(1e-12));
        NDArray pooled = Gradients.normal(manager, "pooled", 3, 6);
        assertThat(Gradients.scalar(Distance.COSINE.between(pooled.neg(), pooled)))
                .isCloseTo(2, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void distancesHaveTheGradientsOfTheirValues(Distance distance) {
        Gradients.check(List.of(map("student")), x -> distance.between(x.get(0), map("teacher")));
        assertThat(Gradients.scalar(distance.between(map("student"), map("student"))))
                .isCloseTo(0, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 4})
    void softTargetsAreDivergencesAtATemperature(double temperature) {
        double[] s = Numbers.of(map("student"));
        double[] t = Numbers.of(map("teacher"));
        double mean = 0;
        for (int image = 0; image < BATCH; image++) {
            for (int cell = 0; cell < CELLS; cell++) {
                double ofStudent = 0;
                double ofTeacher = 0;
                for (int channel = 0; channel < CHANNELS; channel++) {
                    ofStudent += Math.exp(at(s, image, channel, cell) / temperature);
                    ofTeacher += Math.exp(at(t, image, channel, cell) / temperature);
                }
                for (int channel = 0; channel < CHANNELS; channel++) {
                    double p = Math.exp(at(t, image, channel, cell) / temperature) / ofTeacher;
                    double q = Math.exp(at(s, image, channel, cell) / temperature) / ofStudent;
                    mean += p * Math.log(p / q) / (BATCH * CELLS);
                }
            }
        }
        SoftTargets targets = new SoftTargets(temperature);
        assertThat(Gradients.scalar(targets.divergence(map("student"), map("teacher"))))
                .isCloseTo(temperature * temperature * mean, within(1e-10));
        assertThat(Gradients.scalar(targets.divergence(map("teacher"), map("teacher"))))
                .isCloseTo(0, within(1e-12));
        Gradients.check(List.of(map("student")), x -> targets.divergence(x.get(0), map("teacher")));
        NDArray images = Gradients.normal(manager, "images", 5, 7);
        NDArray taught = Gradients.normal(manager, "taught", 5, 7);
        Gradients.check(List.of(images), x -> targets.divergence(x.get(0), taught));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 3})
    void conceptsArePresentOrAbsentEachForItself(double temperature) {
        NDArray student = Gradients.normal(manager, "student", 3, 4);
        NDArray teacher = Gradients.normal(manager, "teacher", 3, 4);
        double[] s = Numbers.of(student);
        double[] t = Numbers.of(teacher);
        double mean = 0;
        for (int i = 0; i < s.length; i++) {
            double p = 1 / (1 + Math.exp(-t[i] / temperature));
            double q = 1 / (1 + Math.exp(-s[i] / temperature));
            mean += (p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q))) / s.length;
        }
        SoftTargets targets = new SoftTargets(temperature);
        assertThat(Gradients.scalar(targets.ofConcepts(student, teacher)))
                .isCloseTo(temperature * temperature * mean, within(1e-10));
        Gradients.check(List.of(student), x -> targets.ofConcepts(x.get(0), teacher));
    }

    @Test
    void whatIsNoPlaceNoTemperatureAndNoWeightIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Place.parse("stride"))
                .withMessageContaining("stride8");
        assertThatIllegalArgumentException().isThrownBy(() -> Place.parse("Pooled"));
        assertThat(Place.parse("stride16")).isEqualTo(new Place(16)).hasToString("stride16");
        assertThat(Place.parse("pooled")).hasToString("pooled");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftTargets(0))
                .withMessageContaining("temperature");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DistillationConfig.SoftClasses(1, Double.NaN))
                .withMessageContaining("temperature");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DistillationConfig.Imitated(-1, Distance.L2))
                .withMessageContaining("weight");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DistillationConfig.FeatureTarget(new Place(0), Distance.L2, 0))
                .withMessageContaining("leave out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DistillationConfig.Labels(1, 1, Double.POSITIVE_INFINITY, 1))
                .withMessageContaining("segmentation");
    }
}

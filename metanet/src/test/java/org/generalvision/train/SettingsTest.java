package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.generalvision.nn.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @Test
    void everyScheduleRisesLinearlyDuringItsWarmUp() {
        for (Schedule schedule : List.of(
                new Schedule.Constant(4),
                new Schedule.Steps(4, List.of(5L), 0.1),
                new Schedule.Cosine(4, 0),
                new Schedule.Poly(4, 0.9, 0))) {
            assertThat(schedule.at(0, 10)).isEqualTo(0.25);
            assertThat(schedule.at(3, 10)).isEqualTo(1);
            assertThat(schedule.at(4, 10)).isEqualTo(1);
        }
    }

    @Test
    void schedulesFollowTheirFormulas() {
        assertThat(new Schedule.Constant(0).at(9, 10)).isEqualTo(1);
        Schedule steps = new Schedule.Steps(0, List.of(3L, 6L), 0.1);
        assertThat(List.of(steps.at(2, 9), steps.at(3, 9), steps.at(6, 9))).containsExactly(1.0, 0.1, 0.1 * 0.1);
        for (int t = 0; t < 10; t++) {
            double cosine = 0.5 * (1 + Math.cos(Math.PI * t / 10));
            assertThat(new Schedule.Cosine(2, 0.2).at(t + 2, 12)).isCloseTo(0.2 + 0.8 * cosine, within(1e-15));
            assertThat(new Schedule.Poly(2, 0.9, 0.01).at(t + 2, 12))
                    .isCloseTo(0.01 + 0.99 * Math.pow(1 - t / 10.0, 0.9), within(1e-15));
        }
    }

    @Test
    void aWarmUpFromAStartReachesTheWholeRateWithItsLastStep() {
        Schedule schedule = new Schedule.WarmCosine(0.1, 5, 0.2);
        for (int t = 0; t < 5; t++) {
            assertThat(schedule.at(t, 15)).isCloseTo(0.1 + 0.9 * t / 4, within(1e-15));
        }
        for (int t = 0; t < 10; t++) {
            double cosine = 0.5 * (1 + Math.cos(Math.PI * t / 10));
            assertThat(schedule.at(t + 5, 15)).isCloseTo(0.2 + 0.8 * cosine, within(1e-15));
        }
        assertThat(new Schedule.WarmCosine(0.1, 0, 0).at(0, 10)).isEqualTo(1);
        // The published rates of 88 million pairs: 1e-3 to 0.2 in 2,500 steps.
        Schedule published = new Schedule.WarmCosine(0.005, 2500, 0);
        assertThat(0.2 * published.at(0, 275_000)).isCloseTo(1e-3, within(1e-15));
        assertThat(0.2 * published.at(1, 275_000)).isCloseTo(1e-3 + 0.199 / 2499, within(1e-15));
        assertThat(0.2 * published.at(2499, 275_000)).isCloseTo(0.2, within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({
        "**,                 a.b.c,              true",
        "**.bias,            bias,               true",
        "**.bias,            a.b.bias,           true",
        "**.bias,            a.biases,           false",
        "a.*.c,              a.b.c,              true",
        "a.*.c,              a.b.b.c,            false",
        "a.**.c,             a.b.b.c,            true",
        "stages.0,           stages.0,           true",
        "stages.0,           stagesx0,           false",
        "blocks.*.norm*,     blocks.3.norm2,     true",
        "'**.{bias,gamma}',  x.gamma,            true",
        "'**.{bias,gamma}',  x.weight,           false",
    })
    void patternsMatchWholePaths(String pattern, String path, boolean matches) {
        assertThat(PathPattern.of(pattern).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b", "a.b**", "a.(b|c)", "a b", "a.{b", ".a"})
    void brokenPatternsAreRefused(String pattern) {
        assertThatThrownBy(() -> PathPattern.of(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Not a path pattern");
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> new Schedule.Cosine(-1, 0)).hasMessage("schedule.warmup must not be negative: -1");
        assertThatThrownBy(() -> new Schedule.Cosine(0, 1)).hasMessageContaining("schedule.floor");
        assertThatThrownBy(() -> new Schedule.WarmCosine(1, 5, 0))
                .hasMessage("schedule.start must be at least 0 and below 1: 1.0");
        assertThatThrownBy(() -> new Schedule.WarmCosine(-0.1, 5, 0)).hasMessageContaining("schedule.start");
        assertThatThrownBy(() -> new Schedule.WarmCosine(0.1, 1, 0)).hasMessageContaining("0 or at least 2");
        assertThatThrownBy(() -> new Schedule.WarmCosine(0.1, -1, 0)).hasMessageContaining("schedule.warmup");
        assertThatThrownBy(() -> new Schedule.WarmCosine(0.1, 5, 1)).hasMessageContaining("schedule.floor");
        assertThatThrownBy(() -> new OptimizerConfig.Sgd(0, 0.9, false, List.of()))
                .hasMessage("optimizer.learningRate must be positive: 0.0");
        assertThatThrownBy(() -> new OptimizerConfig.Sgd(Double.NaN, 0.9, false, List.of()))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> new OptimizerConfig.Sgd(1, 0, true, List.of())).hasMessageContaining("nesterov");
        assertThatThrownBy(() -> new ParameterGroup(List.of("!a"), 1, 0)).hasMessageContaining("exclamation mark");
        assertThatThrownBy(() -> new TrainConfig.Keep(0, "", true)).hasMessageContaining("keep.newest");
        assertThatThrownBy(() -> Toy.config(0, 1)).hasMessage("steps must be positive: 0");
        assertThatThrownBy(() -> config("gpu")).hasMessageContaining("device must be auto, cpu or gpu:N");
    }

    private static TrainConfig config(String device) {
        return new TrainConfig(
                0,
                1,
                1,
                Precision.FLOAT32,
                device,
                Toy.ADAM_W,
                new Schedule.Constant(0),
                0,
                0,
                List.of(),
                1,
                1,
                1,
                TrainConfig.Keep.newest(1));
    }

    @Test
    void aGpuThatIsNotThereIsRefused() {
        assertThat(ComputeDevice.of("cpu").getDeviceType()).isEqualTo("cpu");
        assertThatThrownBy(() -> ComputeDevice.of("gpu:99"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gpu:99");
    }
}

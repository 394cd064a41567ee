package org.generalvision.benchmark.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.generalvision.benchmark.stage.Trained;
import org.generalvision.benchmark.stage.Training;
import org.generalvision.benchmark.stage.Trainings;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.source.StarterCorpus;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Progress;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.amateur.LossWeights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceTest {
    private static final Path OUT = Path.of("somewhere");

    private static Evidence evidence(List<String> studies, List<Long> seeds) {
        return Evidence.of(OUT, studies, seeds, List.of(), 1, line -> {}, new StopRequest());
    }

    private static List<Training> all(long seed) {
        List<Training> all = new ArrayList<>();
        Studies.all().forEach(study -> all.addAll(study.trainings(seed)));
        return all;
    }

    private static Recipe recipe(Training training) {
        List<String> overrides = new ArrayList<>(training.overrides());
        training.places().forEach((key, other) -> overrides.add(key + "=" + OUT.resolve(other.name())));
        return Recipe.shipped(training.recipe()).under(OUT).with(overrides);
    }

    @Test
    void everyTrainingIsARecipeThatCanBeRead() {
        for (Training training : all(1)) {
            assertThatCode(() -> recipe(training).as(UpstreamRecipe.class))
                    .as(training.name())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void sharesAreOfAllPairs(@TempDir Path cache) {
        try (ExampleSource pairs = StarterCorpus.open("clipart-train", cache)) {
            assertThat(pairs.size()).isEqualTo(ImageTextStudies.PAIRS);
        }
    }

    @Test
    void aNameStandsForOneTraining() {
        Map<String, Training> byName = new HashMap<>();
        for (long seed : new long[] {1, 2}) {
            for (Training training : all(seed)) {
                Training other = byName.putIfAbsent(training.name(), training);
                assertThat(other == null || other.equals(training))
                        .as(training.name())
                        .isTrue();
            }
        }
        assertThat(evidence(List.of(), List.of(1L, 2L)).plan()).hasSameSizeAs(byName.keySet());
        assertThat(evidence(List.of("terms"), List.of(1L)).plan()).hasSize(5);
    }

    @Test
    void aTermThatIsLeftOutGivesItsWeightToTheOthers() {
        Training without = Studies.all().get(1).trainings(1).stream()
                .filter(training -> training.name().contains("without-multiview"))
                .findFirst()
                .orElseThrow();
        UpstreamRecipe.Amateur amateur =
                (UpstreamRecipe.Amateur) recipe(without).as(UpstreamRecipe.class);
        LossWeights weights = amateur.objective().weights();
        assertThat(weights.multiView()).isZero();
        assertThat(weights.nearestNeighbor()).isEqualTo(1 / 3.0, offset(1e-6));
        assertThat(weights.imageSelf()).isEqualTo(weights.textSelf());
    }

    @Test
    void tablesShowMeansAndIntervals() {
        Study.Column column = Study.Column.percent("share");
        assertThat(Study.text(new double[] {0.25}, column)).isEqualTo("25.0");
        assertThat(Study.text(new double[] {0.2, 0.3}, column)).isEqualTo("25.0 +- 63.5");
        assertThat(Study.text(new double[] {Double.NaN, 0.3}, column)).isEqualTo("-");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Study("s", "?", List.of(column), List.of(new Study.Row("r", List.<Figure>of()))))
                .withMessageContaining("0 figures under 1 columns");
    }

    @Test
    void aRowLessAnotherIsTheDifferenceOfEachFigure() {
        Study.Row one = new Study.Row("one", List.of(figure("a"), figure("b")));
        Study.Row other = new Study.Row("other", List.of(figure("c"), figure("d")));
        Study.Row less = one.less(other, "one less other");
        assertThat(less.label()).isEqualTo("one less other");
        assertThat(less.figures())
                .containsExactly(
                        new Figure.Difference(
                                one.figures().get(0), other.figures().get(0)),
                        new Figure.Difference(
                                one.figures().get(1), other.figures().get(1)));
    }

    private static Figure figure(String metric) {
        return new Figure.Measured(seed -> Training.of("a", "clip-desk"), metric);
    }

    @Test
    void whatIsNotThereIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evidence(List.of("term"), List.of(1L)))
                .withMessageContaining("no study term")
                .withMessageContaining("terms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evidence(List.of(), List.of(1L, 1L)))
                .withMessageContaining("each once");
        assertThatIllegalArgumentException().isThrownBy(() -> Training.of("Upper", "amateur-desk"));
    }

    @Test
    void aStopIsSeenBeforeATrainingBegins() {
        StopRequest stop = new StopRequest();
        stop.request();
        Trainings trainings = new Trainings(OUT, List.of(), name -> Progress.none(), stop);
        assertThatThrownBy(() -> {
                    Trained trained = trainings.done(Training.of("a", "amateur-desk"));
                    assertThat(trained).isNull();
                })
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("before a");
        assertThat(OUT).doesNotExist();
    }
}

package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.OptimizerConfig;
import org.generalvision.train.Origin;
import org.generalvision.train.ParameterGroup;
import org.generalvision.upstream.expert.ExpertModel.Norms;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpertTrainingTest {
    private static final List<String> FILES = List.of("model.safetensors", "optimizer.safetensors", "state.json");

    @TempDir
    private static Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static TinyExperts tiny;

    @BeforeAll
    static void makeData() {
        tiny = new TinyExperts(folder);
    }

    @Test
    void oneExpertLearnsEveryTaskInTurns() {
        Checkpoint checkpoint =
                tiny.run(TinyExperts.training(tiny.everyTask(), Norms.PER_DATA_SET, 20), "learned", Origin.scratch());
        Map<String, Double> figures = checkpoint.evaluation();
        assertThat(figures.get("classes/top1")).isGreaterThan(0.7);
        assertThat(figures.get("boxes/boxAp50")).isGreaterThan(0.1);
        assertThat(figures.get("boxes/maskAp50")).isGreaterThan(0.1);
        assertThat(figures.get("pixels/meanIou")).isGreaterThan(0.4);
        assertThat(figures.get("depth/rmse")).isLessThan(4);
    }

    @Test
    void aRunThatIsStoppedAtAnyStepEndsWithTheSameBytes() {
        ExpertTraining training = TinyExperts.training(tiny.everyTask(), Norms.PER_DATA_SET, 3);
        Checkpoint whole = tiny.run(training, "whole", Origin.scratch());
        assertThat(tiny.run(training, "stopped", Origin.scratch(), 1).step()).isEqualTo(1);
        Checkpoint resumed = tiny.run(training, "stopped", Origin.scratch());
        for (String file : FILES) {
            assertThat(resumed.path().resolve(file))
                    .hasSameBinaryContentAs(whole.path().resolve(file));
        }
        assertThat(folder.resolve("stopped").resolve("metrics.jsonl"))
                .hasSameBinaryContentAs(folder.resolve("whole").resolve("metrics.jsonl"));
    }

    @Test
    void onlyTheTowerOfOtherWeightsIsTaken() {
        List<ExpertDataSet> first = List.of(tiny.dataSet("first", TinyExperts.classification()));
        List<ExpertDataSet> other = List.of(tiny.dataSet("other", TinyExperts.depth()));
        Checkpoint before = tiny.run(TinyExperts.training(first, Norms.SHARED, 2), "before", Origin.scratch());
        SortedMap<String, List<Double>> tower = TinyExperts.arrays(before, "image.");
        ExpertTraining frozen = frozen(other, 1);
        Checkpoint started = tiny.run(frozen, "started", Origin.initializeFrom(before.path()));
        assertThat(TinyExperts.arrays(started, "image.")).isEqualTo(tower);
        Checkpoint scratch = tiny.run(frozen, "scratch", Origin.scratch());
        assertThat(TinyExperts.arrays(scratch, "image.")).isNotEqualTo(tower);
        assertThat(started.facts())
                .containsEntry("initialized-from", before.path().toString())
                .containsEntry("initialized-from.sha256", before.modelHash());
        assertThat(scratch.facts()).doesNotContainKey("initialized-from");
        Checkpoint goneOn = tiny.run(frozen(other, 2), "started", Origin.scratch());
        assertThat(goneOn.step()).isEqualTo(2);
        assertThat(goneOn.facts()).isEqualTo(started.facts());
    }

    private static ExpertTraining frozen(List<ExpertDataSet> sets, int steps) {
        return frozen(sets, TinyExperts.training(sets, Norms.SHARED, steps));
    }

    private static ExpertTraining frozen(List<ExpertDataSet> sets, ExpertTraining training) {
        return new ExpertTraining(
                training.model(),
                sets,
                training.loader(),
                training.evaluation(),
                training.train().withFreeze(List.of("image")));
    }

    /** Twice the rate makes up for the half of the step's batches, exactly, since both are powers of two. */
    @Test
    void aHeadMovesByTheGradientsOfItsOwnDataAlone() {
        ExpertDataSet first = tiny.dataSet("first", TinyExperts.classification());
        ExpertDataSet second = tiny.dataSet("second", TinyExperts.depth());
        Checkpoint alone = tiny.run(sgdOverAFrozenTower(List.of(first), 0.125), "alone", Origin.scratch());
        Checkpoint together = tiny.run(sgdOverAFrozenTower(List.of(first, second), 0.25), "together", Origin.scratch());
        assertThat(TinyExperts.arrays(together, "image.")).isEqualTo(TinyExperts.arrays(alone, "image."));
        assertThat(TinyExperts.arrays(together, "heads.first.")).isEqualTo(TinyExperts.arrays(alone, "heads.first."));
    }

    private static ExpertTraining sgdOverAFrozenTower(List<ExpertDataSet> sets, double rate) {
        OptimizerConfig sgd =
                new OptimizerConfig.Sgd(rate, 0.5, false, List.of(new ParameterGroup(List.of("**"), 1, 0)));
        return frozen(sets, TinyExperts.training(sets, Norms.SHARED, 3, sgd));
    }

    @Test
    void aStepThatDoesNotSeeEveryDataSetIsRefused() {
        List<ExpertDataSet> two = tiny.everyTask().subList(0, 2);
        ExpertTraining training = TinyExperts.training(two, Norms.SHARED, 1);
        List<ExpertDataSet> weighted = List.of(withWeight(two.get(0), 4), withWeight(two.get(1), 2));
        ExpertTraining uneven = new ExpertTraining(
                training.model(), weighted, training.loader(), training.evaluation(), training.train());
        assertThatThrownBy(() -> tiny.run(uneven, "uneven", Origin.scratch()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("train.accumulation is 2")
                .hasMessageContaining("{classes=4, boxes=2} make a round of 3 batches")
                .hasMessageContaining("set it to 3 or a multiple");
        assertThat(folder.resolve("uneven")).doesNotExist();
    }

    private static ExpertDataSet withWeight(ExpertDataSet set, long weight) {
        return new ExpertDataSet(
                set.name(), weight, set.task(), set.train(), set.view(), set.heldOut(), set.heldOutView());
    }
}

package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.nn.Precision;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.TrainConfig;
import org.generalvision.upstream.expert.ExpertModel.Norms;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which statistics the norms of the backbone use, and which the backbone carries in the end. */
class ExpertNormsTest {
    @TempDir
    private static Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static TinyExperts tiny;

    @BeforeAll
    static void makeData() {
        tiny = new TinyExperts(folder);
    }

    private static List<ExpertDataSet> one() {
        return List.of(tiny.dataSet("first", TinyExperts.classification()));
    }

    private static SortedMap<String, List<Double>> statistics(Checkpoint checkpoint, String prefix) {
        SortedMap<String, List<Double>> statistics = new TreeMap<>(TinyExperts.arrays(checkpoint, prefix));
        statistics.keySet().removeIf(name -> !name.contains("running_"));
        return statistics;
    }

    @Test
    void withOneDataSetItIsTheSameTrainingAndTheBackboneCarriesItsStatistics() {
        for (Precision precision : Precision.values()) {
            Checkpoint shared = tiny.run(with(precision, Norms.SHARED), "shared-" + precision, Origin.scratch());
            Checkpoint own = tiny.run(with(precision, Norms.PER_DATA_SET), "own-" + precision, Origin.scratch());
            assertThat(TinyExperts.arrays(own, "image.")).isEqualTo(TinyExperts.arrays(shared, "image."));
            assertThat(TinyExperts.arrays(own, "heads.")).isEqualTo(TinyExperts.arrays(shared, "heads."));
            assertThat(TinyExperts.arrays(own, "norms.first.image.")).isEqualTo(statistics(shared, "image."));
            assertThat(own.evaluation()).isEqualTo(shared.evaluation());
        }
    }

    private static ExpertTraining with(Precision precision, Norms norms) {
        ExpertTraining training = TinyExperts.training(one(), norms, 2);
        TrainConfig t = training.train();
        TrainConfig other = new TrainConfig(
                t.seed(),
                t.steps(),
                t.accumulation(),
                precision,
                t.device(),
                t.optimizer(),
                t.schedule(),
                t.clipNorm(),
                t.emaDecay(),
                t.freeze(),
                t.logEvery(),
                t.evaluateEvery(),
                t.saveEvery(),
                t.keep());
        return new ExpertTraining(training.model(), one(), training.loader(), training.evaluation(), other);
    }

    @Test
    void eachDataSetHasItsOwnThatBeginWithTheStatisticsTaken() {
        Checkpoint before = tiny.run(TinyExperts.training(one(), Norms.SHARED, 2), "before", Origin.scratch());
        List<ExpertDataSet> two = List.of(
                tiny.dataSet("first", TinyExperts.classification()),
                darker(tiny.dataSet("boxes", TinyExperts.detection())));
        ExpertTraining training = TinyExperts.training(two, Norms.PER_DATA_SET, 1);
        ExpertTraining frozen = new ExpertTraining(
                training.model(),
                two,
                training.loader(),
                training.evaluation(),
                training.train().withFreeze(List.of("image")));
        Checkpoint started = tiny.run(frozen, "started", Origin.initializeFrom(before.path()));
        assertThat(statistics(started, "norms.boxes.image.")).isEqualTo(statistics(before, "image."));
        Checkpoint moved = tiny.run(training, "moved", Origin.initializeFrom(before.path()));
        SortedMap<String, List<Double>> first = statistics(moved, "norms.first.image.");
        assertThat(first).isNotEqualTo(statistics(moved, "norms.boxes.image."));
        assertThat(first).isNotEqualTo(statistics(moved, "image."));
        assertThat(first).isNotEqualTo(statistics(before, "image."));
    }

    private static ExpertDataSet darker(ExpertDataSet set) {
        ImageView view = set.view();
        Normalize other = new Normalize(List.of(0.9, 0.9, 0.9), List.of(0.5, 0.5, 0.5));
        ImageView dark = new ImageView(view.crop(), view.augmentations(), other, view.background());
        return new ExpertDataSet(set.name(), set.weight(), set.task(), set.train(), dark, set.heldOut(), dark);
    }

    @Test
    void frozenOnesStayWhileTheRestIsTrained() {
        Checkpoint before = tiny.run(TinyExperts.training(one(), Norms.SHARED, 2), "pretrained", Origin.scratch());
        Checkpoint after =
                tiny.run(TinyExperts.training(one(), Norms.FROZEN, 2), "frozen", Origin.initializeFrom(before.path()));
        assertThat(statistics(after, "image.")).isEqualTo(statistics(before, "image."));
        assertThat(TinyExperts.arrays(after, "image.")).isNotEqualTo(TinyExperts.arrays(before, "image."));
    }
}

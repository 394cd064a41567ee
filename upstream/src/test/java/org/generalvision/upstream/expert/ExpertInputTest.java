package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.source.ExampleData;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.Origin;
import org.generalvision.train.StopRequest;
import org.generalvision.upstream.expert.ExpertModel.Norms;
import org.generalvision.weights.SafetensorsWriter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said before the first step where it can be, and nothing is left behind. */
class ExpertInputTest {
    @TempDir
    private static Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static TinyExperts tiny;

    @BeforeAll
    static void makeData() {
        tiny = new TinyExperts(folder);
    }

    private static ExpertTraining one(ExpertDataSet set) {
        return TinyExperts.training(List.of(set), Norms.SHARED, 1);
    }

    private static ExpertTraining one(ExpertTask task) {
        return one(tiny.dataSet("own", task));
    }

    private static ExpertTraining withBatches(ExpertTraining training, int size) {
        LoaderConfig loader = new LoaderConfig(2, size, 1, 2, 0);
        return new ExpertTraining(training.model(), training.dataSets(), loader, loader, training.train());
    }

    private static ExpertTraining freezing(ExpertTraining training, List<String> layers) {
        return new ExpertTraining(
                training.model(),
                training.dataSets(),
                training.loader(),
                training.evaluation(),
                training.train().withFreeze(layers));
    }

    private static void assertRefused(ExpertTraining training, Origin origin, String... parts) {
        assertThatThrownBy(() -> tiny.run(training, "refused", origin))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
        assertThat(folder.resolve("refused")).doesNotExist();
    }

    @Test
    void weightsOfAnotherStageOrNetworkAreRefused() {
        Path other = folder.resolve("policy.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            SafetensorsWriter.write(
                    other, new TreeMap<>(Map.of("policy.weight", manager.ones(new Shape(2)))), Map.of());
        }
        assertRefused(
                one(TinyExperts.classification()),
                Origin.initializeFrom(other),
                "policy.safetensors has no image tower");
        Checkpoint expert = tiny.run(one(TinyExperts.classification()), "expert", Origin.scratch());
        ExpertTraining training = one(TinyExperts.classification());
        ExpertTraining wider = new ExpertTraining(
                new ExpertModel.Config("resnet18", TinyExperts.SIDE, 0, Norms.SHARED, null),
                training.dataSets(),
                training.loader(),
                training.evaluation(),
                training.train());
        assertRefused(wider, Origin.initializeFrom(expert.path()), "does not fit this network");
    }

    @Test
    void headsThatDoNotFitTheirDataAreRefused() {
        assertRefused(
                one(new ExpertTask.Classification(List.of("green", "gray"), 0)),
                Origin.scratch(),
                "None of the 12 training examples of own",
                "green, gray",
                "square-0, has the labels [red]");
        assertRefused(
                one(new ExpertTask.Classification(List.of("blue", "gray"), 0)),
                Origin.scratch(),
                "6 of 12 training examples of own show none of the 2 classes, such as square-0 with the labels [red]");
        tiny.write("flat", builder -> builder.depth(null));
        assertRefused(one(tiny.dataSet("own", TinyExperts.depth(), "flat")), Origin.scratch(), "classes depth");
        ExpertModel.Config flat = new ExpertModel.Config("mn-n", TinyExperts.SIDE, 0, Norms.SHARED, null);
        assertThatThrownBy(
                        () -> new ExpertModel(flat, one(TinyExperts.detection()).dataSets(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model.pyramid");
        assertThatThrownBy(() -> HeadTraining.distinct(List.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> tiny.dataSet("Upper", TinyExperts.depth())).hasMessageContaining("lower-case");
    }

    @Test
    void dataThatAreNotThereAreNamedWithTheWayToMakeThem() {
        ExpertDataSet set = tiny.dataSet("own", TinyExperts.depth(), "missing");
        assertRefused(one(set), Origin.scratch(), "missing: not a directory of shards", "gv data build --from");
        assertThat(set.train()).isInstanceOf(ExampleData.Shards.class);
    }

    @Test
    void aClassWithoutExamplesIsReported() {
        TinyExperts.Watch watch = new TinyExperts.Watch(new StopRequest(), Long.MAX_VALUE, new ArrayList<>());
        one(new ExpertTask.Classification(List.of("red", "blue", "green"), 0))
                .run(tiny.stage("green", Origin.scratch(), watch));
        assertThat(watch.notes()).contains("own: none of 12 training examples shows green; the head cannot learn it");
    }

    @Test
    void imagesWithoutBoxesAreBackground() {
        tiny.write("some", builder -> {
            Example whole = builder.build();
            boolean keep = whole.id().endsWith("1");
            return keep ? whole.toBuilder() : whole.toBuilder().masks(List.of()).boxes(List.of());
        });
        Checkpoint checkpoint = tiny.run(
                withBatches(one(tiny.dataSet("own", TinyExperts.detection(), "some")), 1),
                "some-boxes",
                Origin.scratch());
        assertThat(checkpoint.evaluation()).containsKey("own/boxAp");
    }

    @Test
    void aBoxWithoutAreaIsNoBox() {
        assertThatThrownBy(() -> new Example.Box(3, 3, 3, 9, "red", false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x1 < x2");
    }

    @Test
    void aMaskOfAnotherSizeGoesToTheQuarantineWhichHasItsLimit() {
        tiny.write("small", builder -> {
            BitSet pixels = new BitSet();
            pixels.set(0, 40);
            return builder.masks(List.of(Mask.RunLengths.of(8, 8, pixels, "red", 0)));
        });
        ExpertTraining training = one(tiny.dataSet("own", TinyExperts.segmentation(), "small"));
        assertThatThrownBy(() -> tiny.run(training, "small-masks", Origin.scratch()))
                .hasStackTraceContaining("quarantine");
        assertThat(folder.resolve("small-masks").resolve("quarantine-own.jsonl"))
                .content()
                .contains("mask of 8 x 8 pixels for an image of 64 x 64");
    }

    @Test
    void aBatchOfOneImageTrainsWhereStatisticsCanBeTakenAndIsRefusedElsewhere() {
        for (ExpertTask task : List.of(TinyExperts.classification(), TinyExperts.depth())) {
            Checkpoint checkpoint = tiny.run(
                    withBatches(one(task), 1), "single-" + task.getClass().getSimpleName(), Origin.scratch());
            assertThat(checkpoint.evaluation().values()).allMatch(Double::isFinite);
        }
        ExpertTraining pixels = withBatches(one(TinyExperts.segmentation()), 1);
        for (String frozen : List.of("image", "heads.other*", "pyramid.**")) {
            assertRefused(
                    freezing(pixels, List.of(frozen)),
                    Origin.scratch(),
                    "loader.batchSize must be at least 2",
                    "the head of own takes statistics over the images of a batch",
                    "make batches larger, or freeze the head: 1");
        }
        Checkpoint checkpoint = tiny.run(freezing(pixels, List.of("heads.*")), "head-frozen", Origin.scratch());
        assertThat(checkpoint.evaluation().values()).allMatch(Double::isFinite);
    }
}

package org.generalvision.upstream.expert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Example;
import org.generalvision.data.label.Concept;
import org.generalvision.data.label.Kind;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.MergeEntry;
import org.generalvision.data.label.MergeLog;
import org.generalvision.data.label.Morphology;
import org.generalvision.data.label.Rule;
import org.generalvision.data.load.MultiLabelImages.Looked;
import org.generalvision.data.load.MultiLabelImages.Source;
import org.generalvision.data.source.ExampleData;
import org.generalvision.train.Checkpoint;
import org.generalvision.train.OptimizerConfig;
import org.generalvision.train.Origin;
import org.generalvision.train.ParameterGroup;
import org.generalvision.upstream.expert.ExpertModel.Norms;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The squares as two collections: "whole" says of each image whether it is red or blue, "part" only whether it is red. */
class ExpertMultiLabelTest {
    /** In the order of the label system: color, red, blue. */
    private static final int BLUE = 2;

    @TempDir
    private static Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private static TinyExperts tiny;

    @BeforeAll
    static void makeData() {
        tiny = new TinyExperts(folder);
        tiny.write("part", builder -> {
            Example whole = builder.build();
            List<String> labels = whole.labels().contains("red") ? List.of("rouge") : List.of();
            return Example.builder("part-" + whole.id(), whole.image(), "part", whole.licence())
                    .labels(labels);
        });
        LabelSystem labels = LabelSystem.of(List.of(
                concept("color", List.of()), concept("red", List.of("color")), concept("blue", List.of("color"))));
        LabelDirectory directory =
                LabelDirectory.create(folder.resolve("labels"), labels, Morphology.REGULAR, "a test");
        new LabelMappings(directory, labels)
                .change(log -> new MergeLog(List.of(
                        new MergeEntry.Data(1, "colors", "hash", 12, directory.hash()),
                        new MergeEntry.Merge(2, "colors", "red", 6, "red", Rule.HAND),
                        new MergeEntry.Merge(3, "colors", "blue", 6, "blue", Rule.HAND),
                        new MergeEntry.Data(4, "rouge", "hash", 12, directory.hash()),
                        new MergeEntry.Merge(5, "rouge", "rouge", 6, "red", Rule.HAND))));
    }

    private static Concept concept(String id, List<String> parents) {
        return new Concept(id, Kind.OBJECT, parents, List.of(new Concept.Name(id, "en")), List.of(), "");
    }

    private static ExpertTask task(String dataSetOfPart) {
        return new ExpertTask.MultiLabel(
                folder.resolve("labels"),
                Map.of("test", new Source("colors", Looked.ALL), "part", new Source(dataSetOfPart, Looked.ALL)));
    }

    private static ExpertDataSet both() {
        ExpertDataSet whole = tiny.dataSet("colors", task("rouge"));
        ExpertData data = new ExpertData(
                whole.train(), tiny.dataSet("x", task("rouge"), "part").train());
        return new ExpertDataSet(
                whole.name(), 1, whole.task(), data.mixture(), whole.view(), data.mixture(), whole.heldOutView());
    }

    private record ExpertData(ExampleData whole, ExampleData part) {
        ExampleData mixture() {
            return new ExampleData.Mixture(
                    24, List.of(new ExampleData.Member("whole", 1, whole), new ExampleData.Member("part", 1, part)));
        }
    }

    @Test
    void collectionsThatAnnotateDifferentThingsTrainOneHead() {
        ExpertTraining training = TinyExperts.training(List.of(both()), Norms.SHARED, 10);
        Checkpoint checkpoint = tiny.run(training, "both", Origin.scratch());
        // Of 12 images each, half red, any order has about 0.5; blue is known in the first collection alone, color
        // never absent.
        assertThat(checkpoint.evaluation().get("colors/meanAp")).isGreaterThan(0.8);
        assertThat(checkpoint.path().resolve("provenance.json")).content().contains("labels.colors");
    }

    @Test
    void whatACollectionDoesNotAnnotateIsNotTrained() {
        OptimizerConfig sgd = new OptimizerConfig.Sgd(0.1, 0, false, List.of(new ParameterGroup(List.of("**"), 1, 0)));
        List<ExpertDataSet> part = List.of(tiny.dataSet("colors", task("rouge"), "part"));
        List<Double> before = bias(TinyExperts.training(part, Norms.SHARED, 1, sgd), "first");
        List<Double> after = bias(TinyExperts.training(part, Norms.SHARED, 3, sgd), "third");
        assertThat(after.get(BLUE)).isEqualTo(before.get(BLUE));
        assertThat(after.get(1)).isNotEqualTo(before.get(1));
    }

    private static List<Double> bias(ExpertTraining training, String name) {
        return new ArrayList<>(TinyExperts.arrays(tiny.run(training, name, Origin.scratch()), "heads.colors.")
                .getOrDefault("fc.bias", List.of()));
    }

    @Test
    void labelsThatDoNotMapAreRefusedBeforeAnythingIsTrained() {
        assertThatThrownBy(() -> TinyExperts.training(List.of(tiny.dataSet("colors", task("verts"))), Norms.SHARED, 1)
                        .run(tiny.stage("unmapped")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels of verts are not mapped in")
                .hasMessageContaining("gv data labels map");
        ExpertTask strange =
                new ExpertTask.MultiLabel(folder.resolve("labels"), Map.of("other", new Source("colors", Looked.ALL)));
        assertThatThrownBy(() -> TinyExperts.training(List.of(tiny.dataSet("colors", strange)), Norms.SHARED, 1)
                        .run(tiny.stage("strange")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the collection test, but sources has only [other]");
        ExpertTask swapped =
                new ExpertTask.MultiLabel(folder.resolve("labels"), Map.of("test", new Source("rouge", Looked.ALL)));
        assertThatThrownBy(() -> TinyExperts.training(List.of(tiny.dataSet("colors", swapped)), Norms.SHARED, 1)
                        .run(tiny.stage("swapped")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("None of the 12 training examples of colors")
                .hasMessageContaining("rouge: rouge");
        assertThat(folder.resolve("swapped")).doesNotExist();
    }
}

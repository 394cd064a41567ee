package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Normalize;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.example.Example;
import org.generalvision.data.label.Concept;
import org.generalvision.data.label.DataMapping;
import org.generalvision.data.label.Kind;
import org.generalvision.data.label.LabelSpace;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.label.MergeEntry;
import org.generalvision.data.label.Rule;
import org.generalvision.data.load.MultiLabelImages.Looked;
import org.generalvision.data.load.MultiLabelImages.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two collections of animals: one in which dogs and cats were looked for everywhere, one that looked for some things in some images. */
class MultiLabelImagesTest {
    private static final ImageView VIEW = new ImageView(
            new CenterCrop(8, 8),
            List.of(),
            new Normalize(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5)),
            Background.WHITE);

    private final LabelSpace space = new LabelSpace(
            LabelSystem.of(List.of(
                    concept("animal", List.of()),
                    concept("cat", List.of("animal")),
                    concept("dog", List.of("animal")),
                    concept("poodle", List.of("dog")))),
            List.of(
                    mapping("pets", Map.of("Dog", "dog", "Cat", "cat")),
                    mapping("breeds", Map.of("poodle dog", "poodle", "house cat", "cat"))));

    private final Map<String, Source> sources =
            Map.of("pets-2020", new Source("pets", Looked.ALL), "breeds-v2", new Source("breeds", Looked.NAMED));

    @TempDir
    private Path folder;

    private static Concept concept(String id, List<String> parents) {
        return new Concept(id, Kind.OBJECT, parents, List.of(new Concept.Name(id, "en")), List.of(), "");
    }

    private static DataMapping mapping(String name, Map<String, String> merged) {
        Map<String, MergeEntry.About> labels = new LinkedHashMap<>();
        merged.forEach((label, id) -> labels.put(label, new MergeEntry.Merge(0, name, label, 1, id, Rule.HAND)));
        return new DataMapping(name, "hash", 10, labels);
    }

    private static Example example(String source, List<String> labels, List<String> absent) {
        return Example.builder("x", Pictures.png(Pictures.plain(8, 8, 0xFF336699)), source, "CC0-1.0")
                .labels(labels)
                .absentLabels(absent)
                .build();
    }

    @Test
    void aBatchHoldsWhatEachCollectionSaysAndNothingMore() {
        MemorySource source = MemorySource.ofPictures(4)
                .replace(0, example("pets-2020", List.of("Dog"), List.of()))
                .replace(1, example("pets-2020", List.of(), List.of()))
                .replace(2, example("breeds-v2", List.of("poodle dog"), List.of("house cat", "sofa")))
                .replace(3, example("breeds-v2", List.of("sofa"), List.of()));
        LoaderConfig config = new LoaderConfig(1, 4, 1, 1, 0);
        try (NDManager manager = NDManager.newBaseManager();
                EvaluationPass pass = EvaluationPass.over(
                        source,
                        new long[] {0, 1, 2, 3},
                        new MultiLabelImages(VIEW, space, sources),
                        config,
                        new Quarantine(folder.resolve("quarantine.jsonl"), 4, 0))) {
            Batch batch = pass.next(manager);
            assertThat(space.ids()).containsExactly("animal", "cat", "dog", "poodle");
            assertThat(batch.get("present").toFloatArray())
                    .containsExactly(1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0);
            assertThat(batch.get("known").toFloatArray())
                    .as("nobody looked for poodles in pets, nor for cats in the last image")
                    .containsExactly(1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0);
            assertThat(batch.get("image").getShape().getShape()).containsExactly(4, 3, 8, 8);
        }
    }

    @Test
    void whatIsNotSaidIsRefused() {
        MultiLabelImages format = new MultiLabelImages(VIEW, space, sources);
        assertThatThrownBy(() -> format.target(example("strays", List.of("Dog"), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of the collection strays, but sources has only [breeds-v2, pets-2020]");
        assertThatThrownBy(() -> new MultiLabelImages(VIEW, space, Map.of("a", new Source("horses", Looked.ALL))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("horses");
        LabelSpace empty = new LabelSpace(
                LabelSystem.of(List.of(concept("animal", List.of()))), List.of(mapping("nothing", Map.of())));
        assertThatThrownBy(() -> new MultiLabelImages(VIEW, empty, Map.of("a", new Source("nothing", Looked.ALL))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("None of the labels of [nothing] is merged");
    }
}

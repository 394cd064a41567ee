package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class LabelSpaceTest {
    private final LabelSystem animals = Labels.animals();
    private final LabelSpace space = new LabelSpace(
            animals,
            List.of(
                    mapping("dogs", Map.of("Dog", "dog", "Poodle", "poodle")),
                    mapping("cats", Map.of("Cat", "cat", "Dog", "dog"))));

    private static DataMapping mapping(String name, Map<String, String> merged) {
        Map<String, MergeEntry.About> labels = new LinkedHashMap<>();
        merged.forEach(
                (label, concept) -> labels.put(label, new MergeEntry.Merge(0, name, label, 1, concept, Rule.HAND)));
        labels.put("unmapped", new MergeEntry.Lost(0, name, "unmapped", 1, List.of()));
        return new DataMapping(name, "hash", 10, labels);
    }

    @Test
    void aPositiveCountsForItsAncestors() {
        assertThat(space.ids()).containsExactly("animal", "pet", "canine", "dog", "poodle", "cat");
        LabelSpace.Target poodle = space.dataSet("dogs").target(List.of("Poodle"));
        assertThat(values(poodle)).containsExactly(1, 1, 1, 1, 1, 0);
        assertThat(mask(poodle)).containsExactly(1, 1, 1, 1, 1, 0);
    }

    @Test
    void whatADataSetDoesNotAnnotateIsUnknown() {
        LabelSpace.Target cat = space.dataSet("cats").target(List.of("Cat"));
        assertThat(values(cat)).containsExactly(1, 1, 0, 0, 0, 1);
        assertThat(mask(cat)).as("dog is looked for in cats, poodle is not").containsExactly(1, 1, 0, 1, 0, 1);
    }

    @Test
    void aGeneralPositiveSaysNothingAboutWhatIsBelow() {
        LabelSpace.Target dog = space.dataSet("dogs").target(List.of("Dog"));
        assertThat(mask(dog)).as("the dog may be a poodle").containsExactly(1, 1, 1, 1, 0, 0);
    }

    @Test
    void onlyVerifiedClassesAreNegativesWhereNotAllAreLookedFor() {
        LabelSpace.Target nothing = space.dataSet("cats").target(List.of(), List.of("Dog"));
        assertThat(mask(nothing)).containsExactly(0, 0, 0, 1, 0, 0);
        assertThat(values(nothing)).containsOnly(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.dataSet("cats").target(List.of(), List.of("Poodle")))
                .withMessageContaining("no merged class");
    }

    @Test
    void labelsThatAreNotMergedSayNothing() {
        assertThat(space.dataSet("dogs").target(List.of("unmapped", "other")))
                .isEqualTo(space.dataSet("dogs").target(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> space.dataSet("birds"))
                .withMessageContaining("birds");
    }

    /** By the definition, concept by concept, on random graphs and labels. */
    @Test
    void targetsAreThoseOfTheDefinition() {
        for (int seed = 0; seed < 30; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            LabelSystem labels = Labels.random(random, 40);
            Map<String, String> merged = new LinkedHashMap<>();
            for (int i = 0; i < 8; i++) {
                merged.put("label " + i, "c" + random.nextInt(40));
            }
            LabelSpace randomSpace = new LabelSpace(labels, List.of(mapping("one", merged)));
            List<String> present = new ArrayList<>();
            merged.keySet().stream().filter(label -> random.nextInt(3) == 0).forEach(present::add);
            LabelSpace.Target target = randomSpace.dataSet("one").target(present);
            for (int column = 0; column < randomSpace.size(); column++) {
                int concept = labels.find(randomSpace.ids().get(column)).orElseThrow();
                boolean positive =
                        anyPresent(labels, merged, present, p -> p == concept || labels.isAncestor(concept, p));
                boolean below = anyPresent(labels, merged, present, p -> labels.isAncestor(p, concept));
                boolean annotated = merged.containsValue(labels.id(concept));
                assertThat(target.positives().get(column)).isEqualTo(positive);
                assertThat(target.negatives().get(column)).isEqualTo(annotated && !positive && !below);
            }
        }
    }

    private static boolean anyPresent(
            LabelSystem labels, Map<String, String> merged, List<String> present, IntPredicate test) {
        return present.stream()
                .mapToInt(label -> labels.find(merged.getOrDefault(label, "")).orElseThrow())
                .anyMatch(test);
    }

    private float[] values(LabelSpace.Target target) {
        FloatBuffer buffer = FloatBuffer.allocate(space.size());
        target.putValues(buffer);
        return buffer.array();
    }

    private float[] mask(LabelSpace.Target target) {
        FloatBuffer buffer = FloatBuffer.allocate(space.size());
        target.putMask(buffer);
        return buffer.array();
    }
}

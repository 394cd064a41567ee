package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelSystemTest {
    private final LabelSystem animals = Labels.animals();

    @Test
    void aConceptMayHaveSeveralParentsAndAllAboveThemOnce() {
        int dog = number("dog");
        assertThat(ids(animals.parents(dog))).containsExactly("canine", "pet");
        assertThat(ids(animals.ancestors(dog))).containsExactly("canine", "pet", "animal");
        assertThat(ids(animals.children(number("pet")))).containsExactly("dog", "cat");
        assertThat(animals.isAncestor(number("animal"), number("poodle"))).isTrue();
        assertThat(animals.isAncestor(number("poodle"), number("animal"))).isFalse();
        assertThat(animals.isAncestor(dog, dog)).isFalse();
    }

    @Test
    void ancestorsAreThoseOfTheDefinition() {
        for (int seed = 0; seed < 20; seed++) {
            LabelSystem labels =
                    Labels.random(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), 60);
            for (int concept = 0; concept < labels.size(); concept++) {
                Set<Integer> above = new HashSet<>();
                collect(labels, concept, above);
                assertThat(labels.ancestors(concept))
                        .doesNotHaveDuplicates()
                        .containsExactlyInAnyOrder(
                                above.stream().mapToInt(i -> i).toArray());
                for (int other = 0; other < labels.size(); other++) {
                    assertThat(labels.isAncestor(other, concept)).isEqualTo(above.contains(other));
                }
            }
        }
    }

    private static void collect(LabelSystem labels, int concept, Set<Integer> above) {
        for (int parent : labels.parents(concept)) {
            above.add(parent);
            collect(labels, parent, above);
        }
    }

    @Test
    void namesAreComparedWithoutCaseBlanksAndHyphensInEveryLanguage() {
        for (String name : List.of("Domestic_Dog", "domestic  dog", "domestic-dog", " DOMESTIC DOG ")) {
            assertThat(ids(animals.senses(name))).containsExactly("dog");
        }
        assertThat(ids(animals.senses("\u72d7"))).containsExactly("dog");
        assertThat(animals.senses("domesticdog")).isEmpty();
        assertThat(animals.senses("")).isEmpty();
    }

    @Test
    void theMoreCommonSenseComesFirst() {
        assertThat(ids(animals.senses("dog"))).containsExactly("dog", "andiron");
        LabelSystem unranked = LabelSystem.of(List.of(
                Labels.concept("b", List.of(), "x"),
                new Concept("a", Kind.OBJECT, List.of(), List.of(new Concept.Name("x", "en", 2, 0)), List.of(), ""),
                new Concept("c", Kind.OBJECT, List.of(), List.of(new Concept.Name("x", "en", 1, 0)), List.of(), "")));
        assertThat(Arrays.stream(unranked.senses("x")).mapToObj(unranked::id)).containsExactly("c", "a", "b");
    }

    @Test
    void homonymsAreListed() {
        assertThat(animals.homonyms()).containsOnlyKeys("dog");
        assertThat(animals.homonyms().get("dog")).containsExactly("dog", "andiron");
    }

    @Test
    void aConceptIsReadBackAsItWas() {
        Concept dog = animals.concept(number("dog"));
        assertThat(dog.parents()).containsExactly("canine", "pet");
        assertThat(dog.names())
                .containsExactly(
                        new Concept.Name("dog", "en", 1, 42),
                        new Concept.Name("domestic dog", "en"),
                        new Concept.Name("\u72d7", "zh"));
        assertThat(dog.descriptions()).hasSize(2);
        assertThat(animals.languages()).containsExactly("en", "zh");
        assertThat(animals.find("nobody")).isEmpty();
        assertThat(animals.kinds()).containsEntry("object", 7).containsEntry("non-visual", 1);
    }

    @Test
    void aCycleIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSystem.of(List.of(
                        Labels.concept("root", List.of(), "root"),
                        Labels.concept("a", List.of("root", "c"), "a"),
                        Labels.concept("b", List.of("a"), "b"),
                        Labels.concept("c", List.of("b"), "c"),
                        Labels.concept("below", List.of("c"), "below"))))
                .withMessageContaining("cycle of parents: a -> c -> b -> a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSystem.of(List.of(Labels.concept("a", List.of("a"), "a"))))
                .withMessageContaining("a -> a");
    }

    @Test
    void idsAreDistinctAndParentsExist() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSystem.of(
                        List.of(Labels.concept("a", List.of(), "x"), Labels.concept("a", List.of(), "y"))))
                .withMessageContaining("two concepts have the id a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelSystem.of(List.of(Labels.concept("a", List.of("nobody"), "x"))))
                .withMessageContaining("nobody of a");
    }

    @Test
    void conceptsThatCannotBeAreRefused() {
        for (String id : List.of("", "two words", "a|b", "a\nb")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Labels.concept(id, List.of(), "x"))
                    .withMessageContaining("id");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.concept("a", List.of()))
                .withMessageContaining("has no name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.concept("a", List.of(), "x".repeat(70_000)))
                .withMessageContaining("70000 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Concept.Name("x", "not a language"))
                .withMessageContaining("BCP 47");
    }

    private int number(String id) {
        return animals.find(id).orElseThrow();
    }

    private List<String> ids(int[] concepts) {
        return Arrays.stream(concepts).mapToObj(animals::id).collect(Collectors.toList());
    }
}

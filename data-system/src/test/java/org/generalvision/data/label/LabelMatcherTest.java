package org.generalvision.data.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.List;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;

class LabelMatcherTest {
    private final LabelSystem animals = Labels.animals();
    private final LabelMatcher matcher = new LabelMatcher(animals, Morphology.REGULAR, LabelMatcherTest::all, false);

    @Test
    void labelsAreReadByIdNameBaseFormAndSynonym() {
        assertThat(matcher.match("andiron")).isEqualTo(new Match.Unique("andiron", Rule.ID));
        assertThat(matcher.match("Cat")).isEqualTo(new Match.Unique("cat", Rule.EXACT));
        assertThat(matcher.match("cats")).isEqualTo(new Match.Unique("cat", Rule.LEMMA));
        assertThat(matcher.match("canid")).isEqualTo(new Match.Unique("canine", Rule.SYNONYM));
        assertThat(matcher.match("domestic_dogs")).isEqualTo(new Match.Unique("dog", Rule.SYNONYM));
        assertThat(matcher.match("TrueCat")).isEqualTo(new Match.Unique("cat", Rule.SYNONYM));
        assertThat(matcher.match("smaller")).isEqualTo(new Match.Unique("small", Rule.LEMMA));
        assertThat(matcher.match("unicorn")).isEqualTo(new Match.None());
        assertThat(matcher.match(", ,")).isEqualTo(new Match.None());
    }

    @Test
    void severalSensesAreNeverChosenSilently() {
        assertThat(matcher.match("Dog")).isEqualTo(new Match.Ambiguous(List.of("dog", "andiron")));
        LabelMatcher first = new LabelMatcher(animals, Morphology.REGULAR, LabelMatcherTest::all, true);
        assertThat(first.match("Dog")).isEqualTo(new Match.Unique("dog", Rule.FIRST_SENSE));
        assertThat(first.match("cat")).isEqualTo(new Match.Unique("cat", Rule.ID));
    }

    @Test
    void aListOfSynonymsMeansWhatAllOfThemMean() {
        assertThat(matcher.match("dog, domestic dog")).isEqualTo(new Match.Unique("dog", Rule.EXACT));
        assertThat(matcher.match("cat, domestic dog")).isEqualTo(new Match.None());
        assertThat(matcher.match("dog, unicorn")).isEqualTo(new Match.None());
    }

    @Test
    void onlyAllowedConceptsAreSeen() {
        int pet = animals.find("pet").orElseThrow();
        LabelMatcher pets =
                new LabelMatcher(animals, Morphology.REGULAR, concept -> animals.isAncestor(pet, concept), false);
        assertThat(pets.match("Dog")).isEqualTo(new Match.Unique("dog", Rule.EXACT));
        assertThat(pets.match("andiron")).isEqualTo(new Match.None());
    }

    @Test
    void adjectivesEndingsAreDetachedFromAdjectivesOnly() {
        LabelSystem boxes = LabelSystem.of(List.of(Labels.concept("box", List.of(), "box")));
        assertThat(new LabelMatcher(boxes, Morphology.REGULAR, LabelMatcherTest::all, false).match("boxer"))
                .isEqualTo(new Match.None());
    }

    @Test
    void suggestionsAreRankedByLikenessEachConceptOnce() {
        List<List<Suggestion>> found = new SuggestionSearch(animals, new CharacterNgrams(), LabelMatcherTest::all)
                .suggest(List.of("poodles dogs", "caninae"), 3);
        assertThat(found).hasSize(2);
        assertThat(found.get(0))
                .extracting(Suggestion::concept)
                .startsWith("poodle")
                .doesNotHaveDuplicates();
        assertThat(found.get(0).get(0).name()).isEqualTo("poodle dog");
        assertThat(found.get(1).get(0).concept()).isEqualTo("canine");
        assertThat(found.get(0)).extracting(Suggestion::score).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        int cat = animals.find("cat").orElseThrow();
        assertThat(new SuggestionSearch(animals, new CharacterNgrams(), concept -> concept == cat)
                        .suggest(List.of("cats"), 5)
                        .get(0))
                .extracting(Suggestion::concept)
                .containsExactly("cat");
        assertThat(new SuggestionSearch(animals, new CharacterNgrams(), LabelMatcherTest::all).suggest(List.of("x"), 0))
                .containsExactly(List.of());
    }

    @Test
    void ngramsAreUnitVectorsThatSpellingBringsTogether() {
        try (CharacterNgrams ngrams = new CharacterNgrams()) {
            float[][] vectors = ngrams.texts(List.of("ankle boot", "Ankle_Boots", "giraffe", "", "!?", "\u72d7"));
            for (float[] vector : vectors) {
                assertThat(dot(vector, vector)).isBetween(0.9999, 1.0001);
            }
            assertThat(dot(vectors[0], vectors[1])).isGreaterThan(0.7);
            assertThat(dot(vectors[0], vectors[2])).isLessThan(0.3);
            Example image =
                    Example.builder("x", ByteBuffer.allocate(1), "s", "l").build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ngrams.images(List.of(image)))
                    .withMessageContaining("texts only");
        }
    }

    @Test
    void synonymsAreTheOtherNamesOfTheMostCommonSense() {
        ConceptSynonyms synonyms = new ConceptSynonyms(animals, "en");
        assertThat(synonyms.of("dog")).containsExactly("domestic dog");
        assertThat(synonyms.of("little")).containsExactly("small");
        assertThat(synonyms.of("unicorn")).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConceptSynonyms(animals, "fr"))
                .withMessageContaining("no names in fr");
    }

    @Test
    void synonymsSpeakTheirLanguageInEveryRegionAndTakeUnstatedOnesForTheirs() {
        ConceptSynonyms english = new ConceptSynonyms(animals, "en");
        assertThat(List.of("en", "EN", "en-GB", "en_US", "und", "")).allMatch(english::speak);
        assertThat(List.of("fr", "zh-Hant", "enm")).noneMatch(english::speak);
        assertThat(new ConceptSynonyms(animals, "zh").speak("zh-Hant")).isTrue();
    }

    private static boolean all(int concept) {
        return concept >= 0;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}

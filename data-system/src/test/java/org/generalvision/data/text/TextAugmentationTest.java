package org.generalvision.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextAugmentationTest {
    private static final String CAPTION = "the quick brown fox jumps over a lazy dog, in Paris";
    private static final Synonyms SYNONYMS =
            word -> word.equals("dog") ? List.of("hound", "pooch") : word.equals("fox") ? List.of("vixen") : List.of();

    private static List<String> words(String caption) {
        return Arrays.asList(caption.split(" "));
    }

    private static RandomGenerator random(long sample) {
        return RandomStream.of(1, 0, sample, "text2");
    }

    private static List<String> results(TextAugmentation augmentation, String caption, Synonyms synonyms) {
        return IntStream.range(0, 500)
                .mapToObj(i -> augmentation.apply(caption, synonyms, random(i)))
                .toList();
    }

    @Test
    void swapKeepsTheWordsAndExchangesOnePair() {
        for (String result : results(new TextAugmentation(0.1, 0, 0), CAPTION, SYNONYMS)) {
            assertThat(words(result)).containsExactlyInAnyOrderElementsOf(words(CAPTION));
            long moved = IntStream.range(0, 11)
                    .filter(i -> !words(result).get(i).equals(words(CAPTION).get(i)))
                    .count();
            assertThat(moved).isEqualTo(2);
        }
    }

    @Test
    void deletionKeepsOrderAndItsProbability() {
        long left = 0;
        for (String result : results(new TextAugmentation(0, 0.3, 0), CAPTION, SYNONYMS)) {
            List<String> rest = new ArrayList<>(words(CAPTION));
            rest.retainAll(words(result));
            assertThat(words(result)).isEqualTo(rest);
            left += rest.size();
        }
        assertThat(left / 500.0 / 11).isCloseTo(0.7, within(0.02));
    }

    @Test
    void deletionNeverTakesTheLastContentWord() {
        TextAugmentation strong = new TextAugmentation(0, 0.99, 0);
        for (String result : results(strong, CAPTION, SYNONYMS)) {
            assertThat(words(result))
                    .anyMatch(List.of("quick", "brown", "fox", "jumps", "lazy", "dog,", "Paris")::contains);
        }
        assertThat(results(strong, "of the and", SYNONYMS))
                .allSatisfy(result -> assertThat(result).isNotBlank());
        assertThat(results(strong, "... the cat !!", SYNONYMS))
                .allSatisfy(result -> assertThat(words(result)).contains("cat"));
    }

    @Test
    void synonymsReplaceKnownWordsAndKeepPunctuation() {
        Set<String> seen = new HashSet<>();
        for (String result : results(new TextAugmentation(0, 0, 0.1), CAPTION, SYNONYMS)) {
            List<String> words = words(result);
            seen.add(words.get(3) + " " + words.get(8));
            assertThat(words.get(1)).isEqualTo("quick");
        }
        assertThat(seen).containsExactlyInAnyOrder("vixen dog,", "fox hound,", "fox pooch,");
    }

    @Test
    void severalWordsChangeWhenTheShareIsLarge() {
        assertThat(results(new TextAugmentation(0, 0, 1), CAPTION, SYNONYMS))
                .allSatisfy(result -> assertThat(result).contains("vixen").doesNotContain("dog"));
    }

    @Test
    void synonymsAreNotDrawnWithoutALabelSystem() {
        assertThat(results(new TextAugmentation(0, 0, 1), CAPTION, Synonyms.NONE))
                .containsOnly(CAPTION);
    }

    @Test
    void operationsAreDrawnEquallyOften() {
        int swaps = 0;
        int synonyms = 0;
        for (String result : results(new TextAugmentation(0.1, 0.9, 0.1), CAPTION, SYNONYMS)) {
            swaps += words(result).size() == 11 && !result.matches(".*(vixen|hound|pooch).*") ? 1 : 0;
            synonyms += result.matches(".*(vixen|hound|pooch).*") ? 1 : 0;
        }
        assertThat(swaps / 500.0).isCloseTo(1 / 3.0, within(0.07));
        assertThat(synonyms / 500.0).isCloseTo(1 / 3.0, within(0.07));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dog", "red dog", "dog!", "the dog", "Dog the"})
    void lastContentWordOfAShortCaptionIsNeverTouched(String caption) {
        for (String result : results(new TextAugmentation(1, 0.9, 1), caption, SYNONYMS)) {
            List<String> words = words(result);
            String content = words(caption).stream()
                    .filter(w -> w.toLowerCase(java.util.Locale.ROOT).startsWith("dog"))
                    .findFirst()
                    .orElseThrow();
            assertThat(words).contains(content);
            if (words.size() == 2) {
                assertThat(result).isEqualTo(caption);
            }
        }
    }

    @Test
    void nothingIsChangedWithoutStrengthOrWords() {
        assertThat(TextAugmentation.NONE.apply("  as  it is ", SYNONYMS, random(0)))
                .isEqualTo("  as  it is ");
        assertThat(new TextAugmentation(1, 0.5, 1).apply(" ", SYNONYMS, random(0)))
                .isEqualTo(" ");
    }

    @Test
    void badStrengthsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextAugmentation(-0.1, 0, 0))
                .withMessage("swap must lie in [0, 1]: -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextAugmentation(0, 1, 0))
                .withMessage("deletion must lie in [0, 1): 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextAugmentation(0, 0, Double.NaN))
                .withMessage("synonym must lie in [0, 1]: NaN");
    }
}

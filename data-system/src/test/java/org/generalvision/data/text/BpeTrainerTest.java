package org.generalvision.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTrainerTest {
    private static final List<String> CAPTIONS = List.of(
            "A red cat sits on the red mat.",
            "The cat's red hat, 2 cats & 12 hats!",
            "Le caf\u00e9 est ferm\u00e9, caf\u00e9 noir",
            "low lower lowest, new newer newest");

    private static List<String> randomCaptions(long seed) {
        RandomGenerator random = RandomStream.of(seed, 0, 0, "captions");
        return IntStream.range(0, 30)
                .mapToObj(i -> random.ints(20, 0, 5)
                        .mapToObj(c -> c == 4 ? " " : String.valueOf("abc\u00e9".charAt(c)))
                        .collect(Collectors.joining()))
                .toList();
    }

    /** Counts all pairs of all words anew for each merge. */
    private static BpeVocabulary naive(List<String> captions, int numMerges) {
        LinkedHashSet<String> tokens = new LinkedHashSet<>(ByteAlphabet.inOrder());
        ByteAlphabet.inOrder().forEach(character -> tokens.add(character + "</w>"));
        List<List<String>> words = new ArrayList<>();
        for (String caption : captions) {
            BpeVocabulary.words(caption).forEach(word -> {
                List<String> symbols = new ArrayList<>(ByteAlphabet.spell(word));
                symbols.add(symbols.remove(symbols.size() - 1) + "</w>");
                words.add(symbols);
            });
        }
        List<BpeVocabulary.Merge> merges = new ArrayList<>();
        while (merges.size() < numMerges) {
            Map<BpeVocabulary.Merge, Integer> counts = new HashMap<>();
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(new BpeVocabulary.Merge(word.get(i), word.get(i + 1)), 1, Integer::sum);
                }
            }
            List<String> ids = new ArrayList<>(tokens);
            BpeVocabulary.Merge best = Collections.min(counts.keySet(), (a, b) -> {
                int byCount = counts.getOrDefault(b, 0) - counts.getOrDefault(a, 0);
                int byLeft = ids.indexOf(a.left()) - ids.indexOf(b.left());
                return byCount != 0 ? byCount : byLeft != 0 ? byLeft : ids.indexOf(a.right()) - ids.indexOf(b.right());
            });
            merges.add(best);
            tokens.add(best.left() + best.right());
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.get(i).equals(best.left()) && word.get(i + 1).equals(best.right())) {
                        word.set(i, best.left() + best.right());
                        word.remove(i + 1);
                    }
                }
            }
        }
        return new BpeVocabulary(List.copyOf(tokens), merges);
    }

    @Test
    void mergesAreThoseOfTheNaiveReference() {
        BpeVocabulary trained = BpeTrainer.train(CAPTIONS.stream(), 530);
        BpeVocabulary reference = naive(CAPTIONS, trained.merges().size());
        assertThat(trained.merges()).isEqualTo(reference.merges());
        assertThat(trained.tokens()).isEqualTo(reference.tokens());
        assertThat(trained.size()).isEqualTo(530);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void mergesOfRandomTextAreThoseOfTheNaiveReference(long seed) {
        List<String> captions = randomCaptions(seed);
        BpeVocabulary trained = BpeTrainer.train(captions.stream(), 555);
        assertThat(trained.merges())
                .isEqualTo(naive(captions, trained.merges().size()).merges());
    }

    @Test
    void orderOfTheCaptionsDoesNotMatter() {
        List<String> reversed = new ArrayList<>(CAPTIONS);
        Collections.reverse(reversed);
        assertThat(BpeTrainer.train(reversed.stream(), 530)).isEqualTo(BpeTrainer.train(CAPTIONS.stream(), 530));
    }

    @Test
    void wordsAreCutAsClipDoes() {
        assertThat(BpeVocabulary.words("It's  the CAT's\t12 hats -- r\u00e9sum\u00e9!"))
                .containsExactly("it", "'s", "the", "cat", "'s", "1", "2", "hats", "--", "r\u00e9sum\u00e9", "!");
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BpeTrainer.train(CAPTIONS.stream(), 514))
                .withMessage("vocabulary size must be at least 515 (bytes and special tokens): 514");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BpeTrainer.train(CAPTIONS.stream(), 5000))
                .withMessageMatching("The captions give a vocabulary of at most \\d+ tokens, not 5000; .*");
    }
}

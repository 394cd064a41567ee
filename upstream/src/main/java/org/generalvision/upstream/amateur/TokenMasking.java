package org.generalvision.upstream.amateur;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.generalvision.data.text.Tokenizer;

/**
 * Which tokens of a text are hidden for masked language modelling (BERT, arXiv 1810.04805, as DeCLIP uses it): each ordinary
 * token is chosen with {@code probability}; a chosen one becomes the mask token, or a random ordinary token, or stays.
 * Start, end, mask token and padding are never chosen.
 *
 * <p>Captions are often one or two words, and the masked text is also the one that is matched with the image. So the last word
 * of a caption of one or two words is never touched, nor that of a longer one of which no word would be left.
 *
 * @param probability that a token is chosen, in [0, 1); DeCLIP has 0.15
 * @param masked share of the chosen that become the mask token; DeCLIP has 0.8
 * @param random share of the chosen that become a random token; DeCLIP has 0.1
 */
public record TokenMasking(double probability, double masked, double random) {
    /** Hides nothing. */
    static final TokenMasking NONE = new TokenMasking(0, 0, 0);

    private static final int SHORT_CAPTION = 2;

    public TokenMasking {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("probability must lie in [0, 1): " + probability);
        }
        if (!(masked >= 0 && masked <= 1)) {
            throw new IllegalArgumentException("masked must lie in [0, 1]: " + masked);
        }
        if (!(random >= 0 && masked + random <= 1)) {
            throw new IllegalArgumentException(
                    "random must lie in [0, 1 - masked]: %s with masked %s".formatted(random, masked));
        }
    }

    /**
     * Hides tokens of one text in place.
     *
     * @param tokens ids of the text with start, end and padding
     * @return the places that were chosen, ascending
     */
    List<Integer> apply(long[] tokens, Tokenizer tokenizer, RandomGenerator draws) {
        List<Integer> chosen = choose(tokens, tokenizer, draws);
        for (int place : chosen) {
            double lot = draws.nextDouble();
            long other = draws.nextLong(tokenizer.maskId());
            if (lot < masked) {
                tokens[place] = tokenizer.maskId();
            } else if (lot < masked + random) {
                tokens[place] = other;
            }
        }
        return chosen;
    }

    private List<Integer> choose(long[] tokens, Tokenizer tokenizer, RandomGenerator draws) {
        List<Word> words = words(tokens, tokenizer);
        List<Integer> chosen = new ArrayList<>();
        int wordsTouched = 0;
        for (Word word : words) {
            boolean last = word.equals(words.get(words.size() - 1));
            boolean spared = last && (words.size() <= SHORT_CAPTION || wordsTouched == words.size() - 1);
            int before = chosen.size();
            for (int place = word.begin(); place < word.end(); place++) {
                if (draws.nextDouble() < probability && !spared) {
                    chosen.add(place);
                }
            }
            wordsTouched += chosen.size() > before ? 1 : 0;
        }
        return chosen;
    }

    /** The words of the text: a word ends with a token that says so, or where the text was cut. */
    private static List<Word> words(long[] tokens, Tokenizer tokenizer) {
        List<Word> words = new ArrayList<>();
        int begin = 1;
        int place = 1;
        for (; place < tokens.length && tokens[place] < tokenizer.maskId(); place++) {
            if (tokenizer.endsWord(tokens[place])) {
                words.add(new Word(begin, place + 1));
                begin = place + 1;
            }
        }
        // Without an end of text the padding would look like tokens; the tokenizer always writes one.
        if (begin < place) {
            words.add(new Word(begin, place));
        }
        return words;
    }

    /** The places of a word's tokens, the end exclusive. */
    private record Word(int begin, int end) {}
}

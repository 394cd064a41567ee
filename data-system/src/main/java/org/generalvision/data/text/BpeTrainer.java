package org.generalvision.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Learns a {@link BpeVocabulary} from captions (Sennrich, Haddow, Birch, arXiv:1508.07909): begin with bytes, merge the most
 * frequent neighbors within words until the vocabulary has the wanted size. Of equally frequent pairs the one with the
 * smaller ids is merged, left id first, so the result depends on nothing but the captions. Only words that hold the merged
 * pair are counted again, so a step costs what it changes.
 */
public final class BpeTrainer {
    /** A pair that occurs once saves nothing. */
    private static final long MIN_COUNT = 2;

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<BpeVocabulary.Merge> merges = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Pair, Long> counts = new HashMap<>();
    private final Map<Pair, Set<Word>> places = new HashMap<>();
    private final PriorityQueue<Counted> queue = new PriorityQueue<>();

    private BpeTrainer(Stream<String> captions) {
        for (String suffix : List.of("", BpeVocabulary.END_OF_WORD)) {
            ByteAlphabet.inOrder().forEach(character -> add(character + suffix));
        }
        Map<String, Long> frequencies = new TreeMap<>();
        captions.flatMap(BpeVocabulary::words).forEach(word -> frequencies.merge(word, 1L, Long::sum));
        frequencies.forEach((word, frequency) -> words.add(new Word(spell(word), frequency)));
        Set<Pair> seen = new HashSet<>();
        words.forEach(word -> count(word, 1, seen));
        seen.forEach(this::enqueue);
    }

    /**
     * Learns a vocabulary.
     *
     * @param captions texts to learn from
     * @param vocabularySize tokens in all: 512 for bytes, 3 special ones, the rest are merges
     * @throws IllegalArgumentException if the captions do not have enough different pairs
     */
    public static BpeVocabulary train(Stream<String> captions, int vocabularySize) {
        int numBytes = 2 * ByteAlphabet.inOrder().size();
        int numSpecial = BpeVocabulary.SPECIAL_TOKENS.size();
        if (vocabularySize < numBytes + numSpecial) {
            throw new IllegalArgumentException("vocabulary size must be at least %d (bytes and special tokens): %d"
                    .formatted(numBytes + numSpecial, vocabularySize));
        }
        BpeTrainer trainer = new BpeTrainer(captions);
        while (trainer.tokens.size() + numSpecial < vocabularySize) {
            if (!trainer.mergeMostFrequent()) {
                throw new IllegalArgumentException(
                        "The captions give a vocabulary of at most %d tokens, not %d; use more captions or a smaller vocabulary"
                                .formatted(trainer.tokens.size() + numSpecial, vocabularySize));
            }
        }
        return new BpeVocabulary(trainer.tokens, trainer.merges);
    }

    private boolean mergeMostFrequent() {
        for (Counted top = queue.poll(); top != null; top = queue.poll()) {
            long count = counts.getOrDefault(top.pair, 0L);
            if (count != top.count) {
                continue; // counted again since; its present count is in the queue as well
            }
            if (count < MIN_COUNT) {
                return false;
            }
            merge(top.pair);
            return true;
        }
        return false;
    }

    private void merge(Pair pair) {
        String left = tokens.get(pair.left);
        String right = tokens.get(pair.right);
        merges.add(new BpeVocabulary.Merge(left, right));
        // The same token may already have come out of another pair.
        int merged = add(left + right);
        Set<Pair> changed = new HashSet<>();
        for (Word word : List.copyOf(places.getOrDefault(pair, Set.of()))) {
            count(word, -1, changed);
            word.merge(pair, merged);
            count(word, 1, changed);
        }
        changed.forEach(this::enqueue);
    }

    private int add(String token) {
        Integer known = ids.putIfAbsent(token, tokens.size());
        if (known != null) {
            return known;
        }
        tokens.add(token);
        return tokens.size() - 1;
    }

    /** The ids of a word's bytes; the last byte ends the word. */
    private List<Integer> spell(String word) {
        List<String> characters = new ArrayList<>(ByteAlphabet.spell(word));
        int last = characters.size() - 1;
        characters.set(last, characters.get(last) + BpeVocabulary.END_OF_WORD);
        List<Integer> spelled = new ArrayList<>();
        for (String character : characters) {
            spelled.add(add(character));
        }
        return spelled;
    }

    /** Adds (sign 1) or takes away (sign -1) the pairs of a word. */
    private void count(Word word, int sign, Set<Pair> changed) {
        for (int i = 0; i + 1 < word.symbols.size(); i++) {
            Pair pair = new Pair(word.symbols.get(i), word.symbols.get(i + 1));
            counts.merge(pair, sign * word.frequency, Long::sum);
            Set<Word> holders = places.computeIfAbsent(pair, p -> new HashSet<>());
            if (sign > 0) {
                holders.add(word);
            } else {
                holders.remove(word);
            }
            changed.add(pair);
        }
    }

    private void enqueue(Pair pair) {
        long count = counts.getOrDefault(pair, 0L);
        if (count > 0) {
            queue.add(new Counted(pair, count));
        } else {
            counts.remove(pair);
            places.remove(pair);
        }
    }

    private record Pair(int left, int right) {}

    private record Counted(Pair pair, long count) implements Comparable<Counted> {
        @Override
        public int compareTo(Counted other) {
            if (count != other.count) {
                return Long.compare(other.count, count);
            }
            return pair.left != other.pair.left
                    ? Integer.compare(pair.left, other.pair.left)
                    : Integer.compare(pair.right, other.pair.right);
        }
    }

    /** A word as symbols, and how often it occurs. */
    private static final class Word {
        private final long frequency;
        private List<Integer> symbols;

        Word(List<Integer> symbols, long frequency) {
            this.symbols = symbols;
            this.frequency = frequency;
        }

        void merge(Pair pair, int merged) {
            List<Integer> shorter = new ArrayList<>();
            for (int i = 0; i < symbols.size(); i++) {
                boolean here =
                        i + 1 < symbols.size() && symbols.get(i) == pair.left && symbols.get(i + 1) == pair.right;
                shorter.add(here ? merged : symbols.get(i));
                i += here ? 1 : 0;
            }
            symbols = shorter;
        }
    }
}

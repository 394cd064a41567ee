package org.generalvision.data.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The second view of a caption: one operation of EDA (Wei and Zou, arXiv:1901.11196), drawn among random swap, random
 * deletion and synonym replacement, as DeCLIP (Li et al., arXiv:2110.05208) does it. An operation whose strength is 0 is not
 * drawn, nor are synonyms without a label system.
 *
 * <p>Short captions are treated with care, because one or two words leave nothing when they are changed: the last content word
 * (a word that is neither a function word nor bare punctuation) of a caption of one or two words is never touched, and
 * no deletion takes the last content word that is left.
 *
 * @param swap share of the words, in [0, 1], that change places with another; at least one pair when drawn
 * @param deletion probability, in [0, 1), of each word to be deleted
 * @param synonym share of the words, in [0, 1], that are replaced by a synonym; at least one when drawn
 */
public record TextAugmentation(double swap, double deletion, double synonym) {
    /** Leaves the caption as it is. */
    public static final TextAugmentation NONE = new TextAugmentation(0, 0, 0);

    private static final int SHORT_CAPTION = 2;

    private static final Set<String> FUNCTION_WORDS = Set.of(
            "a", "an", "the", "this", "that", "these", "those", "of", "in", "on", "at", "by", "for", "from", "to",
            "with", "without", "into", "onto", "over", "under", "and", "or", "but", "nor", "as", "is", "are", "was",
            "were", "be", "been", "being", "it", "its", "his", "her", "their", "our", "my", "your", "some", "any", "no",
            "not", "very", "so", "than", "then", "there", "here", "he", "she", "they", "we", "you", "i");

    public TextAugmentation {
        if (!(swap >= 0 && swap <= 1)) {
            throw new IllegalArgumentException("swap must lie in [0, 1]: " + swap);
        }
        if (!(deletion >= 0 && deletion < 1)) {
            throw new IllegalArgumentException("deletion must lie in [0, 1): " + deletion);
        }
        if (!(synonym >= 0 && synonym <= 1)) {
            throw new IllegalArgumentException("synonym must lie in [0, 1]: " + synonym);
        }
    }

    private enum Operation {
        SWAP,
        DELETION,
        SYNONYM
    }

    /** A changed caption; words are then separated by single spaces. */
    public String apply(String caption, Synonyms synonyms, RandomGenerator random) {
        List<Operation> operations = operations(synonyms);
        if (operations.isEmpty() || caption.isBlank()) {
            return caption;
        }
        List<String> words = new ArrayList<>(List.of(caption.strip().split("\\s+")));
        int untouchable = words.size() <= SHORT_CAPTION ? lastContentWord(words) : -1;
        switch (operations.get(random.nextInt(operations.size()))) {
            case SWAP -> swapWords(words, untouchable, random);
            case DELETION -> words = deleteWords(words, untouchable, random);
            case SYNONYM -> replaceWords(words, untouchable, synonyms, random);
        }
        return String.join(" ", words);
    }

    private List<Operation> operations(Synonyms synonyms) {
        List<Operation> operations = new ArrayList<>();
        if (swap > 0) {
            operations.add(Operation.SWAP);
        }
        if (deletion > 0) {
            operations.add(Operation.DELETION);
        }
        if (synonym > 0 && synonyms != Synonyms.NONE) {
            operations.add(Operation.SYNONYM);
        }
        return operations;
    }

    private void swapWords(List<String> words, int untouchable, RandomGenerator random) {
        int[] movable =
                IntStream.range(0, words.size()).filter(i -> i != untouchable).toArray();
        if (movable.length < 2) {
            return;
        }
        for (int i = 0; i < count(swap, words.size()); i++) {
            int first = random.nextInt(movable.length);
            int second = (first + 1 + random.nextInt(movable.length - 1)) % movable.length;
            String kept = words.get(movable[first]);
            words.set(movable[first], words.get(movable[second]));
            words.set(movable[second], kept);
        }
    }

    private List<String> deleteWords(List<String> words, int untouchable, RandomGenerator random) {
        List<String> left = new ArrayList<>();
        boolean contentLeft = false;
        int last = lastContentWord(words);
        for (int i = 0; i < words.size(); i++) {
            boolean deleted = random.nextDouble() < deletion;
            boolean lastChance = i == last && !contentLeft;
            if (!deleted || i == untouchable || lastChance) {
                left.add(words.get(i));
                contentLeft |= isContent(words.get(i));
            }
        }
        return left;
    }

    private void replaceWords(List<String> words, int untouchable, Synonyms synonyms, RandomGenerator random) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            if (i != untouchable
                    && isContent(words.get(i))
                    && !synonyms.of(core(words.get(i))).isEmpty()) {
                places.add(i);
            }
        }
        int wanted = Math.min(count(synonym, words.size()), places.size());
        for (int i = 0; i < wanted; i++) {
            int place = places.remove(random.nextInt(places.size()));
            String word = words.get(place);
            List<String> others = synonyms.of(core(word));
            String other = others.get(random.nextInt(others.size()));
            int begin = coreBegin(word);
            words.set(place, word.substring(0, begin) + other + word.substring(coreEnd(word)));
        }
    }

    private static int count(double share, int numWords) {
        return Math.max(1, (int) (share * numWords));
    }

    /** The last content word, or the last word if there is none. */
    private static int lastContentWord(List<String> words) {
        for (int i = words.size() - 1; i >= 0; i--) {
            if (isContent(words.get(i))) {
                return i;
            }
        }
        return words.size() - 1;
    }

    private static boolean isContent(String word) {
        String core = core(word);
        return !core.isEmpty() && !FUNCTION_WORDS.contains(core);
    }

    /** The word without punctuation around it, in lower case. */
    private static String core(String word) {
        int begin = coreBegin(word);
        return word.substring(begin, Math.max(begin, coreEnd(word))).toLowerCase(Locale.ROOT);
    }

    private static int coreBegin(String word) {
        int begin = 0;
        while (begin < word.length() && isPunctuation(word.charAt(begin))) {
            begin++;
        }
        return begin;
    }

    private static int coreEnd(String word) {
        int end = word.length();
        while (end > 0 && isPunctuation(word.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean isPunctuation(char c) {
        return !Character.isLetterOrDigit(c) && !Character.isSurrogate(c) && !isMark(c);
    }

    private static boolean isMark(char c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }
}

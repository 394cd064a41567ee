package org.generalvision.data.curate;

import java.io.Serializable;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;

/**
 * Removes examples whose captions do not describe a picture: too short or long, few letters, repetitions, addresses, markup,
 * file names, phrases of web pages, letters of another script than the language's, and words of a block list. An example goes
 * only if each of its captions has a fault; the fault of the first one is the reason. Examples without captions are left alone.
 *
 * @param minWords fewest words; two letters of a script without spaces count as a word
 * @param maxWords most words
 * @param minLetters smallest share of letters among what is not space, in [0, 1]
 * @param maxRepetition largest share of the most frequent word in captions of at least four words, in (0, 1]
 * @param blocked words and phrases that may not occur, in lower case
 */
public record CaptionFilter(int minWords, int maxWords, double minLetters, double maxRepetition, Set<String> blocked)
        implements Serializable {
    private static final int REPETITION_WORDS = 4;
    private static final int MAX_PHRASE = 8;
    private static final int MAX_SHOWN = 200;

    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern ADDRESS = Pattern.compile(
            "\\b(?:https?://|www\\.)\\S|\\b[a-z0-9-]{2,}\\.(?:com|org|net|info|biz|edu|gov)\\b|\\S@[a-z0-9-]+\\.[a-z]{2,}\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern MARKUP = Pattern.compile(
            "</?[a-z][^<>]*>|<!--|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});|\\{\\{|\\[\\[|\\[/?(?:img|url|b|i)[]=]",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE_NAME = Pattern.compile(
            ".*[\\w)-]\\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg|heic|avif)|.*\\b(?:img|dscn?|dscf|dsc|pict|p|mvi|pxl|screenshot|image|photo|scan)[_-]?\\d{3,}\\w*|[0-9a-f]{8}-?[0-9a-f-]{8,}|\\w*\\d+[_-]\\d+\\w*",
            Pattern.CASE_INSENSITIVE);
    private static final List<String> PAGE_PHRASES = List.of(
            "click here",
            "click to enlarge",
            "click for larger",
            "all rights reserved",
            "add to cart",
            "add to wishlist",
            "buy now",
            "free shipping",
            "image not available",
            "no image available",
            "image may contain",
            "share on facebook",
            "read more",
            "sign up");
    private static final Set<String> PAGE_WORDS = Set.of(
            "untitled",
            "unnamed",
            "image",
            "photo",
            "picture",
            "thumbnail",
            "placeholder",
            "default",
            "logo",
            "banner",
            "loading",
            "null",
            "none",
            "n/a",
            "undefined");

    public CaptionFilter {
        if (minWords < 0 || maxWords < Math.max(1, minWords)) {
            throw new IllegalArgumentException(
                    "Words must lie in a range from 0 on: %d to %d".formatted(minWords, maxWords));
        }
        if (!(minLetters >= 0 && minLetters <= 1)) {
            throw new IllegalArgumentException("The share of letters must lie in [0, 1]: " + minLetters);
        }
        if (!(maxRepetition > 0 && maxRepetition <= 1)) {
            throw new IllegalArgumentException("The share of one word must lie in (0, 1]: " + maxRepetition);
        }
        blocked = Set.copyOf(blocked);
        for (String phrase : blocked) {
            if (phrase.isEmpty() || words(phrase).length > MAX_PHRASE) {
                throw new IllegalArgumentException(
                        "A blocked phrase must have 1 to %d words: \"%s\"".formatted(MAX_PHRASE, phrase));
            }
        }
    }

    /** A fault and what shows it. */
    record Fault(String reason, Object evidence) {}

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, CurationEngine engine, Runnable progress) {
        engine.scan(step, () -> this::find, (index, find) -> {
            if (find.length > 0) {
                Example example = step.source().get(index);
                Example.Caption caption = example.captions().get(0);
                Fault first = fault(caption)
                        .orElseThrow(() -> new IllegalStateException("A fault was found, and is not there"));
                step.remove(
                        index,
                        example.id(),
                        first.reason(),
                        Map.of("found", first.evidence(), "caption", shown(caption.text())));
            }
            progress.run();
        });
    }

    /** One byte for an example each caption of which has a fault, else none. */
    private byte[] find(Example example) {
        List<Example.Caption> captions = example.captions();
        boolean faulty = !captions.isEmpty()
                && captions.stream().allMatch(caption -> fault(caption).isPresent());
        return new byte[faulty ? 1 : 0];
    }

    private static String shown(String caption) {
        int end = caption.offsetByCodePoints(0, Math.min(MAX_SHOWN, caption.codePointCount(0, caption.length())));
        return caption.substring(0, end);
    }

    /** What is wrong with a caption, the plainest fault first. */
    Optional<Fault> fault(Example.Caption caption) {
        String text = caption.text().strip();
        String lower = text.toLowerCase(Locale.ROOT);
        int numWords = text.isEmpty() ? 0 : countWords(text);
        return Stream.of(
                        fault(numWords < minWords || text.isEmpty(), "too few words", numWords),
                        fault(FILE_NAME.matcher(text).matches(), "a file name", text.length()),
                        found(ADDRESS, text, "an address of a page or mailbox"),
                        found(MARKUP, text, "markup"),
                        pagePhrase(lower),
                        fault(letters(text) < minLetters, "few letters", letters(text)),
                        fault(numWords > maxWords, "too many words", numWords),
                        fault(repetition(lower) > maxRepetition, "one word again and again", repetition(lower)),
                        script(caption.language(), text),
                        blockedPhrase(lower))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Fault> fault(boolean present, String reason, Object evidence) {
        return present ? Optional.of(new Fault(reason, evidence)) : Optional.empty();
    }

    private static Optional<Fault> found(Pattern pattern, String text, String reason) {
        return pattern.matcher(text).results().findFirst().map(match -> new Fault(reason, match.group()));
    }

    private static Optional<Fault> pagePhrase(String lower) {
        return PAGE_WORDS.contains(lower)
                ? Optional.of(new Fault("a phrase of web pages", lower))
                : PAGE_PHRASES.stream()
                        .filter(lower::contains)
                        .findFirst()
                        .map(phrase -> new Fault("a phrase of web pages", phrase));
    }

    private static int countWords(String text) {
        long unspaced = text.codePoints().filter(LanguageScripts::isUnspaced).count();
        return Math.max(SPACE.split(text).length, (int) Math.min(Integer.MAX_VALUE, (unspaced + 1) / 2));
    }

    private static double letters(String text) {
        long visible = text.codePoints().filter(c -> !Character.isWhitespace(c)).count();
        // Vowel signs of Indic scripts are marks, and no less part of a word than letters.
        long letters = text.codePoints()
                .filter(c -> Character.isLetter(c)
                        || Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK)
                .count();
        return visible == 0 ? 0 : (double) letters / visible;
    }

    private static double repetition(String lower) {
        String[] words = words(lower);
        if (words.length < REPETITION_WORDS) {
            return 0;
        }
        Map<String, Integer> counts = new HashMap<>();
        int most = 0;
        for (String word : words) {
            most = Math.max(most, counts.merge(word, 1, Integer::sum));
        }
        return (double) most / words.length;
    }

    private static Optional<Fault> script(String language, String text) {
        double share = LanguageScripts.share(language, text);
        return fault(share < 0.5, "letters of another script than the language " + language, share);
    }

    private Optional<Fault> blockedPhrase(String lower) {
        if (blocked.isEmpty()) {
            return Optional.empty();
        }
        String[] words = words(lower);
        for (int from = 0; from < words.length; from++) {
            StringBuilder phrase = new StringBuilder();
            for (int to = from; to < Math.min(words.length, from + MAX_PHRASE); to++) {
                phrase.append(to == from ? "" : " ").append(words[to]);
                if (blocked.contains(phrase.toString())) {
                    return Optional.of(new Fault("a word of the block list", phrase.toString()));
                }
            }
        }
        return Optional.empty();
    }

    /** The form in which blocked phrases and captions are compared: words in lower case, one space between them. */
    public static String normalized(String phrase) {
        return String.join(" ", words(phrase.toLowerCase(Locale.ROOT)));
    }

    private static String[] words(String lower) {
        return Arrays.stream(NO_WORD.split(Normalizer.normalize(lower, Normalizer.Form.NFKC)))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}

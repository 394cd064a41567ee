package org.generalvision.data.source;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A title reduced to the object that it names, so that "Cat", "cats 02" and "Cat (black and white)" are one. A split by this
 * key never has the same object on two sides. Only what stands before the first comma counts, so a caption made of title and
 * tags has the key of its title.
 *
 * @param value words in lower case, singular, without accents, digits, remarks in brackets, colors and words of style; never
 *     empty unless the title has no letter
 */
public record TitleKey(String value) {
    private static final Pattern BRACKETS = Pattern.compile("\\([^)]*\\)|\\[[^]]*]");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern CAMEL_CASE = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");
    private static final Pattern NO_LETTERS = Pattern.compile("\\P{L}+");

    /** Words that tell drawings of one object apart, not objects. */
    private static final Set<String> STYLE = Set.of(
            "black",
            "white",
            "grey",
            "gray",
            "red",
            "green",
            "blue",
            "yellow",
            "orange",
            "purple",
            "pink",
            "brown",
            "violet",
            "seagreen",
            "dark",
            "light",
            "bw",
            "color",
            "colour",
            "colored",
            "coloured",
            "outline",
            "silhouette",
            "contour",
            "contorno",
            "simple",
            "large",
            "small",
            "big",
            "and",
            "in",
            "with",
            "the",
            "of",
            "ii",
            "iii",
            "iv",
            "left",
            "right",
            "clipart",
            "icon",
            "svg");

    /** Out of 100 keys: train, then validation, then test. */
    private static final int TRAIN_SHARE = 80;

    private static final int VALIDATION_SHARE = 10;

    public static TitleKey of(String title) {
        // Brackets first: they may hold a comma.
        List<String> object = words(head(BRACKETS.matcher(title).replaceAll(" "))).stream()
                .filter(word -> word.length() > 1 && !STYLE.contains(word))
                .toList();
        return new TitleKey(String.join(" ", object.isEmpty() ? words(head(title)) : object));
    }

    private static String head(String title) {
        return title.split(",", 2)[0];
    }

    /** The part of the collection that all examples of this key belong to. */
    public Split split() {
        int share = Math.floorMod(
                Hashing.sha256().hashString(value, StandardCharsets.UTF_8).asInt(), 100);
        if (share < TRAIN_SHARE) {
            return Split.TRAIN;
        }
        return share < TRAIN_SHARE + VALIDATION_SHARE ? Split.VALIDATION : Split.TEST;
    }

    /** Words of a text: letters only, without accents, lower case, singular. */
    static List<String> words(String text) {
        String plain =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD)).replaceAll("");
        String spaced = CAMEL_CASE.matcher(plain).replaceAll(" ");
        return NO_LETTERS
                .splitAsStream(spaced.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .map(TitleKey::singular)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Regular plurals only; what counts is that both forms end alike, not that the result is a word. */
    private static String singular(String word) {
        if (word.length() < 4 || !word.endsWith("s") || word.endsWith("ss") || word.endsWith("us")) {
            return word;
        }
        if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        if (word.matches(".*(x|ch|sh|ss)es")) {
            return word.substring(0, word.length() - 2);
        }
        return word.substring(0, word.length() - 1);
    }
}

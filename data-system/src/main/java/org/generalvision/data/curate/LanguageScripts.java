package org.generalvision.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which scripts a language is written in, as far as that is beyond doubt. */
final class LanguageScripts {
    private static final Map<String, Set<UnicodeScript>> SCRIPTS = scripts();
    private static final Set<UnicodeScript> UNSPACED = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private LanguageScripts() {}

    private static Map<String, Set<UnicodeScript>> scripts() {
        Map<String, Set<UnicodeScript>> scripts = new HashMap<>();
        put(
                scripts,
                "af ca cs cy da de en es et eu fi fil fr ga gl hr hu id is it lt lv ms mt nb nl nn no pl pt ro sk sl sq sv"
                        + " sw tr vi",
                UnicodeScript.LATIN);
        put(scripts, "be bg mk ru uk", UnicodeScript.CYRILLIC);
        put(scripts, "sr", UnicodeScript.CYRILLIC, UnicodeScript.LATIN);
        put(scripts, "ar fa ur", UnicodeScript.ARABIC);
        put(scripts, "hi mr ne", UnicodeScript.DEVANAGARI);
        put(scripts, "zh", UnicodeScript.HAN);
        put(scripts, "ja", UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);
        put(scripts, "ko", UnicodeScript.HANGUL, UnicodeScript.HAN);
        put(scripts, "el", UnicodeScript.GREEK);
        put(scripts, "he", UnicodeScript.HEBREW);
        put(scripts, "th", UnicodeScript.THAI);
        put(scripts, "ka", UnicodeScript.GEORGIAN);
        put(scripts, "hy", UnicodeScript.ARMENIAN);
        put(scripts, "bn", UnicodeScript.BENGALI);
        put(scripts, "ta", UnicodeScript.TAMIL);
        put(scripts, "te", UnicodeScript.TELUGU);
        put(scripts, "ml", UnicodeScript.MALAYALAM);
        put(scripts, "kn", UnicodeScript.KANNADA);
        put(scripts, "gu", UnicodeScript.GUJARATI);
        put(scripts, "am", UnicodeScript.ETHIOPIC);
        return scripts;
    }

    private static void put(Map<String, Set<UnicodeScript>> scripts, String languages, UnicodeScript... written) {
        for (String language : languages.split(" ", -1)) {
            scripts.put(language, Set.of(written));
        }
    }

    /**
     * The share of letters that are of a script of the language; 1 if the language is unknown or there are no letters.
     *
     * @param language BCP 47; a script in it, such as {@code sr-Latn}, wins
     */
    static double share(String language, String text) {
        Locale locale = Locale.forLanguageTag(language.replace('_', '-'));
        Set<UnicodeScript> expected = locale.getScript().isEmpty()
                ? SCRIPTS.getOrDefault(locale.getLanguage(), Set.of())
                : named(locale.getScript());
        long letters = text.codePoints().filter(Character::isLetter).count();
        if (expected.isEmpty() || letters == 0) {
            return 1;
        }
        long right = text.codePoints()
                .filter(Character::isLetter)
                .filter(letter ->
                        expected.contains(UnicodeScript.of(letter)) || UnicodeScript.of(letter) == UnicodeScript.COMMON)
                .count();
        return (double) right / letters;
    }

    private static Set<UnicodeScript> named(String script) {
        return switch (script) {
            case "Hans", "Hant" -> Set.of(UnicodeScript.HAN);
            case "Jpan" -> Set.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA);
            case "Kore" -> Set.of(UnicodeScript.HANGUL, UnicodeScript.HAN);
            default -> known(script);
        };
    }

    private static Set<UnicodeScript> known(String script) {
        try {
            return Set.of(UnicodeScript.forName(script));
        } catch (IllegalArgumentException unknown) {
            return Set.of();
        }
    }

    /** Whether words of the character's script are written without spaces. */
    static boolean isUnspaced(int codePoint) {
        return UNSPACED.contains(UnicodeScript.of(codePoint));
    }
}

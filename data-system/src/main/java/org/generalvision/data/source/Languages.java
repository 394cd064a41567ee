package org.generalvision.data.source;

import java.util.IllformedLocaleException;
import java.util.Locale;

/** Languages of captions as collections name them. */
final class Languages {
    /** What a text is taken for whose language nobody says (BCP 47: undetermined). */
    static final String UNDETERMINED = "und";

    private Languages() {}

    /**
     * The tag of BCP 47 for a language in the writing of BCP 47 or of POSIX locales, such as {@code pt_BR},
     * {@code sr@latin} and {@code ca@valencia}.
     *
     * @param stated empty if nobody says
     * @throws IllegalArgumentException if it is no such thing
     */
    static String tag(String stated) {
        if (stated.isEmpty()) {
            return UNDETERMINED;
        }
        String[] parts = stated.replace('_', '-').split("@", 2);
        String modifier = parts.length < 2 ? "" : parts[1].toLowerCase(Locale.ROOT);
        String tag = switch (modifier) {
            case "" -> parts[0];
            case "latin" -> parts[0] + "-Latn";
            case "cyrillic" -> parts[0] + "-Cyrl";
            default -> parts[0] + "-" + modifier;
        };
        try {
            return new Locale.Builder().setLanguageTag(tag).build().toLanguageTag();
        } catch (IllformedLocaleException e) {
            throw new IllegalArgumentException("'" + stated + "' is no language tag such as en or pt-BR", e);
        }
    }
}

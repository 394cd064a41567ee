package org.generalvision.data.label;

import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One node of a label system.
 *
 * @param id stable identifier without blanks, such as {@code n02084071}
 * @param kind what it is, as far as a picture can show it
 * @param parents ids of the concepts that it is a case of; none for a root
 * @param names what it is called, the preferred name of each language before its synonyms; at least one
 * @param descriptions at most one for each language
 * @param state where it stands, as the published JSON form says it (a JSON value, such as the public data sets that hold
 *     it), or an empty text
 */
public record Concept(
        String id, Kind kind, List<String> parents, List<Name> names, List<Description> descriptions, String state) {
    /** Longer texts are files that were read wrongly, such as one without line breaks. */
    static final int MAX_TEXT = 1 << 16;

    private static final Pattern ID = Pattern.compile("[^\\s\\p{Cntrl}|]{1,200}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*");

    public Concept {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "id '%s' must have 1 to 200 characters, no blank and no |".formatted(id));
        }
        parents = List.copyOf(parents);
        names = List.copyOf(names);
        descriptions = List.copyOf(descriptions);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("concept " + id + " has no name: give it one");
        }
        if (new HashSet<>(parents).size() < parents.size()) {
            throw new IllegalArgumentException("concept %s names a parent twice: %s".formatted(id, parents));
        }
        if (descriptions.stream().map(Description::language).distinct().count() < descriptions.size()) {
            throw new IllegalArgumentException("concept " + id + " has two descriptions in one language");
        }
        checkLength(id, state);
        names.forEach(name -> checkLength(id, name.text()));
        descriptions.forEach(description -> checkLength(id, description.text()));
    }

    /**
     * A name in a language.
     *
     * @param text as it is written, words separated by blanks
     * @param language BCP 47, such as {@code en}
     * @param sense place of this concept among those that the name has, from 1 for the most common; 0 if that is not known
     * @param count how often the name means this concept in a tagged corpus; 0 if that is not known
     */
    public record Name(String text, String language, int sense, int count) {
        public Name {
            if (text.isBlank()) {
                throw new IllegalArgumentException("a name must not be blank");
            }
            if (sense < 0 || count < 0) {
                throw new IllegalArgumentException(
                        "sense and count of '%s' must not be negative: %d, %d".formatted(text, sense, count));
            }
            checkLanguage(language);
        }

        /** A name of which nothing else is known. */
        public Name(String text, String language) {
            this(text, language, 0, 0);
        }
    }

    /** What the concept means, in words of a language (BCP 47). */
    public record Description(String text, String language) {
        public Description {
            checkLanguage(language);
        }
    }

    /** The preferred name. */
    public String name() {
        return names.get(0).text();
    }

    private static void checkLanguage(String language) {
        if (!LANGUAGE.matcher(language).matches()) {
            throw new IllegalArgumentException(
                    "language is '%s' but must be a BCP 47 tag such as en".formatted(language));
        }
    }

    private static void checkLength(String id, String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("concept %s has a text of %d characters, the most is %d: '%s...'"
                    .formatted(id, text.length(), MAX_TEXT, text.substring(0, 40)));
        }
    }
}

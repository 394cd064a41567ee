package org.generalvision.data.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The base forms that an English word may have, by the rules of WordNet's morphological processor (morphy): a list of irregular
 * forms first and, for a word that is not in it, rules of detachment. A base form is a guess until a label system has it as a
 * name.
 */
public final class Morphology {
    /** Rules alone. */
    public static final Morphology REGULAR = new Morphology(Map.of(), Map.of());

    private static final int SHORTEST_PLURAL = 3;

    private final Map<String, List<String>> nouns;
    private final Map<String, List<String>> adjectives;

    /**
     * Irregular forms in lower case, words separated by blanks, with their base forms.
     *
     * @param nouns irregular plurals
     * @param adjectives irregular comparatives and superlatives
     */
    Morphology(Map<String, List<String>> nouns, Map<String, List<String>> adjectives) {
        this.nouns = nouns;
        this.adjectives = adjectives;
    }

    /** A suffix that inflection put in the place of another. */
    private record Rule(String suffix, String base) {}

    /** From the manual page morphy(7WN). */
    private static final List<Rule> NOUN_RULES = List.of(
            new Rule("s", ""),
            new Rule("ses", "s"),
            new Rule("xes", "x"),
            new Rule("zes", "z"),
            new Rule("ches", "ch"),
            new Rule("shes", "sh"),
            new Rule("men", "man"),
            new Rule("ies", "y"));

    private static final List<Rule> ADJECTIVE_RULES =
            List.of(new Rule("er", ""), new Rule("est", ""), new Rule("er", "e"), new Rule("est", "e"));

    /** Base forms of a noun, likeliest first, without the noun itself; a noun of several words is changed at its words' ends. */
    public List<String> nounBases(String text) {
        return phraseBases(text, this::nounWordBases, nouns);
    }

    /** Base forms of a comparative or superlative, likeliest first, without the form itself. */
    public List<String> adjectiveBases(String text) {
        return phraseBases(text, word -> wordBases(word, adjectives, ADJECTIVE_RULES), adjectives);
    }

    private interface WordBases {
        List<String> of(String word);
    }

    private static List<String> phraseBases(String text, WordBases bases, Map<String, List<String>> exceptions) {
        String plain = text.toLowerCase(Locale.ROOT).replace('_', ' ').strip();
        if (exceptions.containsKey(plain)) {
            return exceptions.get(plain);
        }
        String[] words = plain.split("\\s+", -1);
        Set<String> found = new LinkedHashSet<>();
        // The head of an English compound is its last word; of one with a preposition it is an earlier one.
        for (int i = words.length - 1; i >= 0; i--) {
            for (String base : bases.of(words[i])) {
                String[] changed = words.clone();
                changed[i] = base;
                found.add(String.join(" ", changed));
            }
        }
        String all = Arrays.stream(words)
                .map(word -> bases.of(word).stream().findFirst().orElse(word))
                .collect(Collectors.joining(" "));
        found.add(all);
        found.remove(plain);
        return List.copyOf(found);
    }

    private List<String> nounWordBases(String word) {
        // A spoonful: the plural stands before the suffix, if it does not end the word.
        if (word.endsWith("ful")) {
            return nounWordBases(word.substring(0, word.length() - 3)).stream()
                    .map(base -> base + "ful")
                    .toList();
        }
        if (word.length() < SHORTEST_PLURAL || word.endsWith("ss")) {
            return nouns.getOrDefault(word, List.of());
        }
        return wordBases(word, nouns, NOUN_RULES);
    }

    private static List<String> wordBases(String word, Map<String, List<String>> exceptions, List<Rule> rules) {
        List<String> irregular = exceptions.get(word);
        if (irregular != null) {
            return irregular;
        }
        return rules.stream()
                .filter(rule -> word.endsWith(rule.suffix())
                        && word.length() > rule.suffix().length())
                .map(rule -> word.substring(0, word.length() - rule.suffix().length()) + rule.base())
                .distinct()
                .toList();
    }

    /** One line for each irregular form: {@code noun} or {@code adjective}, the form, its base forms, with tabs between. */
    String text() {
        StringBuilder text = new StringBuilder();
        nouns.forEach((form, bases) -> line(text, "noun", form, bases));
        adjectives.forEach((form, bases) -> line(text, "adjective", form, bases));
        return text.toString();
    }

    private static void line(StringBuilder text, String part, String form, List<String> bases) {
        text.append(part)
                .append('\t')
                .append(form)
                .append('\t')
                .append(String.join("\t", bases))
                .append('\n');
    }

    /** Reads what {@link #text} wrote. */
    static Morphology parse(String text, String name) {
        Map<String, List<String>> nouns = new LinkedHashMap<>();
        Map<String, List<String>> adjectives = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            List<String> cells = new ArrayList<>(List.of(line.split("\t", -1)));
            if (cells.size() < 3 || !Set.of("noun", "adjective").contains(cells.get(0))) {
                throw new IllegalArgumentException(
                        "%s has a line that is no irregular form: '%s'; import the labels again".formatted(name, line));
            }
            (cells.get(0).equals("noun") ? nouns : adjectives).put(cells.get(1), cells.subList(2, cells.size()));
        }
        return new Morphology(nouns, adjectives);
    }
}

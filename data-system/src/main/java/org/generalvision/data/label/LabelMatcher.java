package org.generalvision.data.label;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Finds what a label names: first as it stands (as an id, then as a name), then with its words taken apart where their case
 * shows them ({@code AnkleBoot}), each with the base forms of its words ({@code dogs}), then as a list of synonyms with commas
 * between, as ImageNet names its classes. A name that several concepts claim is ambiguous, whichever is preferred or
 * common, unless the first sense is asked for.
 */
public final class LabelMatcher {
    private static final Pattern CAMEL_CASE = Pattern.compile("(?<=\\p{Ll})(?=\\p{Lu})");
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    private final LabelSystem labels;
    private final Morphology morphology;
    private final IntPredicate allowed;
    private final boolean firstSense;

    /**
     * A matcher.
     *
     * @param allowed the concepts that labels may name, for example those of visual kinds or below one concept
     * @param firstSense whether to take the most common concept of a name that has several
     */
    public LabelMatcher(LabelSystem labels, Morphology morphology, IntPredicate allowed, boolean firstSense) {
        this.labels = labels;
        this.morphology = morphology;
        this.allowed = allowed;
        this.firstSense = firstSense;
    }

    /** The concepts that a name means, and how it was read. */
    @SuppressWarnings("ArrayRecordComponent") // Held inside the class, and never compared.
    private record Found(String name, int[] senses, boolean lemma) {}

    public Match match(String label) {
        OptionalInt byId = labels.find(label);
        if (byId.isPresent() && allowed.test(byId.getAsInt())) {
            return new Match.Unique(label, Rule.ID);
        }
        for (String form :
                new LinkedHashSet<>(List.of(label, CAMEL_CASE.matcher(label).replaceAll(" ")))) {
            Found found = find(form);
            if (found.senses().length > 0) {
                return decide(found);
            }
        }
        return matchList(label);
    }

    private Found find(String name) {
        Found found = new Found(name, senses(name), false);
        if (found.senses().length > 0) {
            return found;
        }
        for (String base : morphology.nounBases(name)) {
            int[] senses = senses(base);
            if (senses.length > 0) {
                return new Found(base, senses, true);
            }
        }
        for (String base : morphology.adjectiveBases(name)) {
            int[] senses = Arrays.stream(senses(base)).filter(this::describes).toArray();
            if (senses.length > 0) {
                return new Found(base, senses, true);
            }
        }
        return found;
    }

    private boolean describes(int concept) {
        return labels.kind(concept) == Kind.ATTRIBUTE || labels.kind(concept) == Kind.STATE;
    }

    private int[] senses(String name) {
        int[] senses = labels.senses(name);
        return senses.length == 0
                ? senses
                : Arrays.stream(senses).filter(allowed).toArray();
    }

    private Match decide(Found found) {
        int first = found.senses()[0];
        if (found.senses().length == 1) {
            Rule named = found.lemma() ? Rule.LEMMA : Rule.EXACT;
            return new Match.Unique(labels.id(first), labels.isPreferred(found.name(), first) ? named : Rule.SYNONYM);
        }
        if (firstSense) {
            return new Match.Unique(labels.id(first), Rule.FIRST_SENSE);
        }
        return new Match.Ambiguous(
                Arrays.stream(found.senses()).mapToObj(labels::id).toList());
    }

    /** Names of one concept, which all of them must be able to mean. */
    private Match matchList(String label) {
        String[] parts = COMMA.split(label.strip(), -1);
        if (parts.length < 2) {
            return new Match.None();
        }
        Found first = find(parts[0]);
        int[] common = first.senses();
        for (int i = 1; i < parts.length && common.length > 0; i++) {
            Set<Integer> others = new LinkedHashSet<>();
            Arrays.stream(find(parts[i]).senses()).forEach(others::add);
            common = Arrays.stream(common).filter(others::contains).toArray();
        }
        return common.length == 0 ? new Match.None() : decide(new Found(parts[0], common, first.lemma()));
    }
}

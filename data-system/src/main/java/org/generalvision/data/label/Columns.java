package org.generalvision.data.label;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All concepts, column by column, as the file holds them. Concepts are numbered from 0.
 *
 * @param languages all languages; other columns say them by number
 * @param ids of the concepts
 * @param kinds {@link Kind#code}
 * @param parents numbers of the parents
 * @param names all names, in the order of their concepts
 * @param descriptions all descriptions, in the order of their concepts
 * @param states of the concepts
 */
@SuppressWarnings("ArrayRecordComponent") // Held inside the package, and never compared.
record Columns(
        List<String> languages,
        Texts ids,
        byte[] kinds,
        Lists parents,
        Worded names,
        int[] senses,
        int[] counts,
        Worded descriptions,
        Texts states) {
    private static final int MAX_LANGUAGES = Byte.MAX_VALUE;
    private static final int NAMED_FAULTS = 5;

    /**
     * Texts in several languages, several for each concept.
     *
     * @param starts first text of each concept, and one past the last
     * @param languages number of each text's language
     */
    record Worded(int[] starts, Texts texts, byte[] languages) {
        void check(String what, int numConcepts, int numLanguages) {
            require(starts.length == numConcepts + 1, what + " belong to as many concepts as there are ids");
            Lists.checkStarts(starts, texts.size());
            require(languages.length == texts.size(), what + " have a language each");
            for (byte language : languages) {
                require(language >= 0 && language < numLanguages, what + " have a language that is listed");
            }
        }

        /** The texts of a concept in one language. */
        List<String> of(int concept, int language) {
            return IntStream.range(first(concept), end(concept))
                    .filter(row -> languages[row] == language)
                    .mapToObj(texts::get)
                    .toList();
        }

        int first(int concept) {
            return starts[concept];
        }

        int end(int concept) {
            return starts[concept + 1];
        }
    }

    Columns {
        languages = List.copyOf(languages);
        int size = ids.size();
        require(languages.size() <= MAX_LANGUAGES, "there are at most " + MAX_LANGUAGES + " languages");
        require(kinds.length == size && parents.size() == size && states.size() == size, "columns are of one length");
        for (byte kind : kinds) {
            Kind.ofCode(kind);
        }
        for (int parent : parents.values()) {
            require(parent >= 0 && parent < size, "parents are concepts");
        }
        names.check("names", size, languages.size());
        descriptions.check("descriptions", size, languages.size());
        require(senses.length == names.texts().size() && counts.length == senses.length, "names have sense and count");
        for (int concept = 0; concept < size; concept++) {
            require(names.end(concept) > names.first(concept), "each concept has a name");
        }
    }

    int size() {
        return ids.size();
    }

    /**
     * Puts concepts into columns, in their order.
     *
     * @throws IllegalArgumentException if two have one id, or a parent is missing
     */
    static Columns of(Collection<Concept> concepts) {
        Map<String, Integer> numbers = numbers(concepts);
        Set<String> languages = new LinkedHashSet<>();
        for (Concept concept : concepts) {
            concept.names().forEach(name -> languages.add(name.language()));
            concept.descriptions().forEach(description -> languages.add(description.language()));
        }
        Packing packing = new Packing(List.copyOf(languages), numbers);
        concepts.forEach(packing::add);
        return packing.columns();
    }

    private static Map<String, Integer> numbers(Collection<Concept> concepts) {
        Map<String, Integer> numbers = new HashMap<>();
        for (Concept concept : concepts) {
            if (numbers.putIfAbsent(concept.id(), numbers.size()) != null) {
                throw new IllegalArgumentException("two concepts have the id %s: '%s' is the second; give each its own"
                        .formatted(concept.id(), concept.name()));
            }
        }
        List<String> faults = new ArrayList<>();
        int missing = 0;
        for (Concept concept : concepts) {
            for (String parent : concept.parents()) {
                if (!numbers.containsKey(parent) && missing++ < NAMED_FAULTS) {
                    faults.add("%s of %s".formatted(parent, concept.id()));
                }
            }
        }
        if (missing > 0) {
            throw new IllegalArgumentException("%d parents are missing: %s%s; add them as concepts or leave them out"
                    .formatted(missing, String.join(", ", faults), missing > NAMED_FAULTS ? ", ..." : ""));
        }
        return numbers;
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("not a label system, in which " + rule);
        }
    }

    /** Columns that grow by one concept at a time. */
    private static final class Packing {
        private final List<String> languages;
        private final Map<String, Integer> numbers;
        private final Texts.Builder ids = new Texts.Builder();
        private final Texts.Builder states = new Texts.Builder();
        private final Texts.Builder nameTexts = new Texts.Builder();
        private final Texts.Builder descriptionTexts = new Texts.Builder();
        private final Numbers kinds = new Numbers();
        private final Numbers parentStarts = new Numbers();
        private final Numbers parents = new Numbers();
        private final Numbers nameStarts = new Numbers();
        private final Numbers nameLanguages = new Numbers();
        private final Numbers senses = new Numbers();
        private final Numbers counts = new Numbers();
        private final Numbers descriptionStarts = new Numbers();
        private final Numbers descriptionLanguages = new Numbers();

        Packing(List<String> languages, Map<String, Integer> numbers) {
            this.languages = languages;
            this.numbers = numbers;
            begin();
        }

        private void begin() {
            parentStarts.add(parents.size());
            nameStarts.add(senses.size());
            descriptionStarts.add(descriptionLanguages.size());
        }

        void add(Concept concept) {
            ids.add(concept.id());
            states.add(concept.state());
            kinds.add(concept.kind().code());
            for (String parent : concept.parents()) {
                parents.add(known(numbers.get(parent)));
            }
            for (Concept.Name name : concept.names()) {
                nameTexts.add(name.text());
                nameLanguages.add(languages.indexOf(name.language()));
                senses.add(name.sense());
                counts.add(name.count());
            }
            for (Concept.Description description : concept.descriptions()) {
                descriptionTexts.add(description.text());
                descriptionLanguages.add(languages.indexOf(description.language()));
            }
            begin();
        }

        private static int known(@Nullable Integer number) {
            if (number == null) {
                throw new IllegalStateException("parents are checked before they are packed");
            }
            return number;
        }

        Columns columns() {
            return new Columns(
                    languages,
                    ids.build(),
                    kinds.bytes(),
                    new Lists(parentStarts.ints(), parents.ints()),
                    new Worded(nameStarts.ints(), nameTexts.build(), nameLanguages.bytes()),
                    senses.ints(),
                    counts.ints(),
                    new Worded(descriptionStarts.ints(), descriptionTexts.build(), descriptionLanguages.bytes()),
                    states.build());
        }
    }
}

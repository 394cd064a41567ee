package org.generalvision.data.label;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The nouns and adjectives of a WordNet database (Fellbaum, 1998; files as of version 3.0) as a label system: each synset is
 * one concept, with the id that ImageNet gives it ({@code n} or {@code a} and its offset).
 *
 * <p>Parents of a noun are its hypernyms, and for a single person or place the class that it is an instance of. The parent of an
 * adjective satellite is the head that it is similar to; the parents of other adjectives are the nouns that name the attribute
 * of which they are a value (so red is below chromatic, and that below color). Other relations make no parents. A word's senses
 * are numbered as in the index files, and counted as in {@code cntlist.rev}.
 */
public final class WordNet {
    private static final String LANGUAGE = "en";
    private static final int INDEX_FIELDS_AFTER_POINTERS = 2;

    private final Path directory;
    private final Map<String, Synset> synsets = new LinkedHashMap<>();
    private final Map<String, List<String>> parents = new HashMap<>();

    private WordNet(Path directory) {
        this.directory = directory;
    }

    /**
     * Reads a database.
     *
     * @param directory holds {@code data.noun}, {@code data.adj}, {@code index.noun}, {@code index.adj}, {@code cntlist.rev},
     *     {@code noun.exc} and {@code adj.exc}, as Debian's package wordnet-base puts them into {@code /usr/share/wordnet}
     * @throws IllegalArgumentException if a file is missing or malformed
     */
    public static Imported read(Path directory) {
        Path inner = directory.resolve("dict");
        WordNet wordNet = new WordNet(Files.isDirectory(inner) ? inner : directory);
        return new Imported(wordNet.labels(), wordNet.morphology(), List.of());
    }

    private LabelSystem labels() {
        add("noun", "n");
        add("adj", "as");
        synsets.forEach((id, synset) -> parents.put(id, parentsOf(synset)));
        Map<String, Kind> kinds = WordNetKinds.of(synsets, parents);
        Map<String, Integer> senses = new HashMap<>();
        addSenses("noun", 'n', senses);
        addSenses("adj", 'a', senses);
        Map<String, Integer> counts = counts();
        List<Concept> concepts = new ArrayList<>(synsets.size());
        synsets.forEach((id, synset) -> concepts.add(new Concept(
                id,
                kinds.getOrDefault(id, Kind.NON_VISUAL),
                parents.getOrDefault(id, List.of()),
                names(id, synset, senses, counts),
                List.of(new Concept.Description(synset.gloss(), LANGUAGE)),
                "")));
        return LabelSystem.of(concepts);
    }

    private void add(String part, String types) {
        Path file = file("data." + part);
        for (Synset synset : Synset.readAll(file)) {
            if (types.indexOf(synset.type()) < 0) {
                throw new IllegalArgumentException(
                        "%s holds synset %s of type %s".formatted(file, synset.offset(), synset.type()));
            }
            if (synsets.putIfAbsent(id(synset), synset) != null) {
                throw new IllegalArgumentException("%s holds synset %s twice".formatted(file, synset.offset()));
            }
        }
    }

    private Path file(String name) {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "%s has no %s: name the directory of a WordNet 3.0 database (Debian: apt-get install wordnet-base, then /usr/share/wordnet)"
                            .formatted(directory, name));
        }
        return file;
    }

    private static String id(Synset synset) {
        return (synset.type() == 'n' ? "n" : "a") + synset.offset();
    }

    private static List<String> parentsOf(Synset synset) {
        List<String> found = new ArrayList<>();
        switch (synset.type()) {
            case 'n' -> {
                synset.targets("@", 'n').forEach(offset -> found.add("n" + offset));
                synset.targets("@i", 'n').forEach(offset -> found.add("n" + offset));
            }
            case 's' -> synset.targets("&", 'a').forEach(offset -> found.add("a" + offset));
            default -> synset.targets("=", 'n').forEach(offset -> found.add("n" + offset));
        }
        return found.stream().distinct().toList();
    }

    private static List<Concept.Name> names(
            String id, Synset synset, Map<String, Integer> senses, Map<String, Integer> counts) {
        return synset.words().stream()
                .map(word -> {
                    String key = senseKey(id, word.text());
                    return new Concept.Name(
                            word.text(), LANGUAGE, senses.getOrDefault(key, 0), counts.getOrDefault(key, 0));
                })
                .toList();
    }

    private static String senseKey(String id, String word) {
        return id + ' ' + word.toLowerCase(Locale.ROOT);
    }

    /** Each line of an index: a word, its pointers, and its synsets from the most common on. */
    private void addSenses(String part, char type, Map<String, Integer> senses) {
        Path file = file("index." + part);
        int number = 0;
        for (String line : TextFile.read(file).lines().toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("  ")) {
                continue;
            }
            try {
                String[] fields = line.split(" ", -1);
                int numSynsets = Integer.parseInt(fields[2]);
                int first = 4 + Integer.parseInt(fields[3]) + INDEX_FIELDS_AFTER_POINTERS;
                for (int i = 0; i < numSynsets; i++) {
                    senses.put(senseKey(type + fields[first + i], fields[0].replace('_', ' ')), i + 1);
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "%s, line %d is not a word with its synsets (%s)".formatted(file, number, e.getMessage()), e);
            }
        }
    }

    /** Counts by id and word. The file names senses by keys of senseidx(5WN), which the synsets' own fields make up. */
    private Map<String, Integer> counts() {
        Map<String, String> keys = new HashMap<>();
        synsets.forEach((id, synset) -> {
            for (Synset.Word word : synset.words()) {
                keys.put(corpusKey(synset, word), senseKey(id, word.text()));
            }
        });
        Path file = file("cntlist.rev");
        Map<String, Integer> counts = new HashMap<>();
        int number = 0;
        for (String line : TextFile.read(file).lines().toList()) {
            number++;
            String[] fields = line.split(" ", -1);
            String key = fields.length == 3 ? keys.get(fields[0]) : null;
            try {
                if (key != null) {
                    counts.put(key, Integer.parseInt(fields[2]));
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "%s, line %d ends with '%s', not with a count".formatted(file, number, fields[2]), e);
            }
        }
        return counts;
    }

    private String corpusKey(Synset synset, Synset.Word word) {
        String lemma = word.text().toLowerCase(Locale.ROOT).replace(' ', '_');
        String head = ":";
        if (synset.type() == 's') {
            Synset above = synset.targets("&", 'a').stream()
                    .map(offset -> synsets.get("a" + offset))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "adjective satellite %s has no head".formatted(synset.offset())));
            Synset.Word first = above.words().get(0);
            head = "%s:%02d".formatted(first.text().toLowerCase(Locale.ROOT).replace(' ', '_'), first.lexicalId());
        }
        int type = synset.type() == 'n' ? 1 : synset.type() == 'a' ? 3 : 5;
        return "%s%%%d:%02d:%02d:%s".formatted(lemma, type, synset.file(), word.lexicalId(), head);
    }

    private Morphology morphology() {
        return new Morphology(exceptions("noun.exc"), exceptions("adj.exc"));
    }

    private Map<String, List<String>> exceptions(String name) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String line : TextFile.read(file(name)).lines().toList()) {
            String[] words = line.replace("\t", " ").strip().split(" +", -1);
            if (words.length > 1) {
                List<String> forms = List.of(words).stream()
                        .map(word -> word.replace('_', ' '))
                        .toList();
                found.put(forms.get(0), forms.subList(1, forms.size()));
            }
        }
        return found;
    }
}

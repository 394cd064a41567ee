package org.generalvision.data.label;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The kind of each synset. WordNet does not say what a picture can show, so this is a choice: by the lexicographer file that
 * holds the synset, with a few branches of a file that are of another kind than the rest.
 *
 * <table>
 * <caption>Choice</caption>
 * <tr><td>object</td><td>animal, artifact, food, group, object, person, plant, substance, and what Tops has below physical
 *     entity</td></tr>
 * <tr><td>part</td><td>body; the branches part (of an artifact) and plant part</td></tr>
 * <tr><td>attribute</td><td>attribute, shape; adjectives</td></tr>
 * <tr><td>state</td><td>state, feeling; the branch weather; participial adjectives, and adjectives whose attribute is a
 *     state</td></tr>
 * <tr><td>scene</td><td>location; the branches area (of a building or ground, with its rooms), geological formation, body of
 *     water and vegetation</td></tr>
 * <tr><td>non-visual</td><td>act, cognition, communication, event, motive, phenomenon, possession, process, quantity,
 *     relation, time, the rest of Tops; the branches taxonomic group and social group</td></tr>
 * </table>
 */
final class WordNetKinds {
    private static final int TOPS = 3;
    private static final int STATE = 26;
    private static final int PARTICIPLES = 44;
    private static final String PHYSICAL_ENTITY = "n00001930";

    private static final Map<Integer, Kind> BY_FILE = byFile();

    /** A synset, and what hangs below it in the same file, are of a kind. */
    private record Branch(String root, Kind kind) {}

    private static final List<Branch> BRANCHES = List.of(
            new Branch("n02735688", Kind.SCENE), // area
            new Branch("n04105893", Kind.SCENE), // room
            new Branch("n09287968", Kind.SCENE), // geological formation
            new Branch("n09225146", Kind.SCENE), // body of water
            new Branch("n08436759", Kind.SCENE), // vegetation
            new Branch("n03892891", Kind.PART), // part of an artifact
            new Branch("n13086908", Kind.PART), // plant part
            new Branch("n11524662", Kind.STATE), // weather
            new Branch("n07992450", Kind.NON_VISUAL), // taxonomic group
            new Branch("n07950920", Kind.NON_VISUAL)); // social group

    private WordNetKinds() {}

    private static Map<Integer, Kind> byFile() {
        Map<Integer, Kind> kinds = new HashMap<>();
        // Numbers of lexnames(5WN).
        Set.of(0, 1, 7, 25).forEach(file -> kinds.put(file, Kind.ATTRIBUTE));
        Set.of(5, 6, 13, 14, 17, 18, 20, 27).forEach(file -> kinds.put(file, Kind.OBJECT));
        kinds.put(8, Kind.PART);
        kinds.put(15, Kind.SCENE);
        Set.of(12, STATE, PARTICIPLES).forEach(file -> kinds.put(file, Kind.STATE));
        Set.of(TOPS, 4, 9, 10, 11, 16, 19, 21, 22, 23, 24, 28).forEach(file -> kinds.put(file, Kind.NON_VISUAL));
        return Map.copyOf(kinds);
    }

    /**
     * The kind of each synset.
     *
     * @param synsets by id
     * @param parents ids of the parents by id
     * @throws IllegalArgumentException if a lexicographer file is unknown
     */
    static Map<String, Kind> of(Map<String, Synset> synsets, Map<String, List<String>> parents) {
        Map<String, Kind> kinds = new HashMap<>();
        synsets.forEach((id, synset) -> kinds.put(id, byFile(id, synset)));
        Branches branches = new Branches(synsets, parents);
        synsets.forEach((id, synset) -> {
            if (synset.type() != 'n') {
                if (branches.statesSomething(id)) {
                    kinds.put(id, Kind.STATE);
                }
            } else if (synset.file() == TOPS) {
                if (branches.isBelow(id, PHYSICAL_ENTITY)) {
                    kinds.put(id, Kind.OBJECT);
                }
            } else {
                BRANCHES.stream()
                        .filter(branch -> branches.isInFileBelow(id, branch.root()))
                        .findFirst()
                        .ifPresent(branch -> kinds.put(id, branch.kind()));
            }
        });
        return kinds;
    }

    private static Kind byFile(String id, Synset synset) {
        Kind kind = BY_FILE.get(synset.file());
        if (kind == null) {
            throw new IllegalArgumentException(
                    "synset %s lies in lexicographer file %d, which has no nouns or adjectives"
                            .formatted(id, synset.file()));
        }
        return kind;
    }

    /** Questions about what lies above a synset; the graph may still be wrong, so the way up is bounded. */
    private record Branches(Map<String, Synset> synsets, Map<String, List<String>> parents) {
        private static final int MAX_STEPS = 40;

        boolean isBelow(String id, String root) {
            return isBelow(id, root, -1, MAX_STEPS);
        }

        boolean isInFileBelow(String id, String root) {
            Synset above = synsets.get(root);
            Synset synset = synsets.get(id);
            return above != null
                    && synset != null
                    && above.file() == synset.file()
                    && (id.equals(root) || isBelow(id, root, above.file(), MAX_STEPS));
        }

        private boolean isBelow(String id, String root, int file, int steps) {
            if (steps == 0) {
                return false;
            }
            for (String parent : parents.getOrDefault(id, List.of())) {
                Synset synset = synsets.get(parent);
                boolean follows = synset != null && (file < 0 || synset.file() == file);
                if (follows && (parent.equals(root) || isBelow(parent, root, file, steps - 1))) {
                    return true;
                }
            }
            return false;
        }

        /** Whether the attribute of an adjective, or of the head that it is like, is a state. */
        boolean statesSomething(String id) {
            return parents.getOrDefault(id, List.of()).stream().anyMatch(parent -> {
                Synset above = synsets.get(parent);
                return above != null
                        && (above.type() == 'n'
                                ? above.file() == STATE
                                : above.type() == 'a' && !parent.equals(id) && attributeIsState(parent));
            });
        }

        private boolean attributeIsState(String head) {
            return parents.getOrDefault(head, List.of()).stream().anyMatch(parent -> {
                Synset above = synsets.get(parent);
                return above != null && above.type() == 'n' && above.file() == STATE;
            });
        }
    }
}

package org.generalvision.data.label;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A graph of concepts without cycles, in which a concept may have several parents, and its names in several languages.
 * Concepts are numbered from 0 in the order of the source. Names are compared without case, and blanks, underscores and
 * hyphens are one. Immutable, hence safe for several threads; everything lies in a few arrays, and each look-up takes a
 * microsecond.
 */
public final class LabelSystem {
    private final Columns columns;
    private final Lists children;
    /** Place of each concept in an order in which parents come before their children. */
    private final int[] order;

    private final int[] nameOwners;
    private final TextIndex ids;
    private final TextIndex names;

    LabelSystem(Columns columns) {
        this.columns = columns;
        children = columns.parents().inverse(columns.size());
        order = order();
        nameOwners = new int[columns.names().texts().size()];
        for (int concept = 0; concept < columns.size(); concept++) {
            Arrays.fill(
                    nameOwners, columns.names().first(concept), columns.names().end(concept), concept);
        }
        Texts texts = columns.names().texts();
        CompletableFuture<TextIndex> byName =
                CompletableFuture.supplyAsync(() -> TextIndex.of(nameOwners.length, texts::nameKey, texts::hasNameKey));
        ids = TextIndex.of(columns.size(), columns.ids()::utf8, columns.ids()::is);
        names = byName.join();
        if (ids.numKeys() < columns.size()) {
            throw new IllegalArgumentException("not a label system, in which ids are distinct");
        }
    }

    /**
     * A label system of concepts, numbered in their order.
     *
     * @throws IllegalArgumentException if two concepts have one id, a parent is missing, or a concept is its own ancestor
     */
    public static LabelSystem of(Collection<Concept> concepts) {
        return new LabelSystem(Columns.of(concepts));
    }

    private int[] order() {
        int[] open = new int[size()];
        int[] sorted = new int[size()];
        int numSorted = 0;
        for (int i = 0; i < size(); i++) {
            open[i] = columns.parents().starts()[i + 1] - columns.parents().starts()[i];
            if (open[i] == 0) {
                sorted[numSorted++] = i;
            }
        }
        for (int next = 0; next < numSorted; next++) {
            for (int child : children(sorted[next])) {
                if (--open[child] == 0) {
                    sorted[numSorted++] = child;
                }
            }
        }
        if (numSorted < size()) {
            throw new IllegalArgumentException(cycle(open));
        }
        int[] places = new int[size()];
        for (int i = 0; i < size(); i++) {
            places[sorted[i]] = i;
        }
        return places;
    }

    /** Describes a cycle: whoever has parents left open has one that has, so the way up ends where it has been. */
    private String cycle(int[] open) {
        int concept =
                IntStream.range(0, size()).filter(i -> open[i] > 0).findFirst().orElseThrow();
        Set<Integer> way = new LinkedHashSet<>();
        while (way.add(concept)) {
            concept = Arrays.stream(parents(concept))
                    .filter(parent -> open[parent] > 0)
                    .findFirst()
                    .orElseThrow();
        }
        int first = concept;
        List<Integer> steps =
                way.stream().dropWhile(step -> step != first).collect(Collectors.toCollection(ArrayList::new));
        steps.add(first);
        String shown = steps.stream().limit(20).map(this::id).collect(Collectors.joining(" -> "));
        return "the label system has a cycle of parents: %s%s; remove one of these parents"
                .formatted(shown, steps.size() > 20 ? " -> ... (%d steps)".formatted(steps.size() - 1) : "");
    }

    Columns columns() {
        return columns;
    }

    /** Number of concepts. */
    public int size() {
        return columns.size();
    }

    /** Names of all concepts in all languages, synonyms included. */
    public int numNames() {
        return nameOwners.length;
    }

    /** All languages, in the order of their first use. */
    public List<String> languages() {
        return columns.languages();
    }

    /** Concepts by the text of their kind. */
    public SortedMap<String, Integer> kinds() {
        SortedMap<String, Integer> counts = new TreeMap<>();
        for (int concept = 0; concept < size(); concept++) {
            counts.merge(kind(concept).text(), 1, Integer::sum);
        }
        return counts;
    }

    public String id(int concept) {
        return columns.ids().get(concept);
    }

    public Kind kind(int concept) {
        return Kind.ofCode(columns.kinds()[concept]);
    }

    /** The preferred name of a concept. */
    public String name(int concept) {
        return columns.names().texts().get(columns.names().first(concept));
    }

    /** All that is known about a concept. */
    public Concept concept(int concept) {
        List<String> parents =
                Arrays.stream(parents(concept)).mapToObj(this::id).toList();
        List<Concept.Name> all = IntStream.range(
                        columns.names().first(concept), columns.names().end(concept))
                .mapToObj(row -> new Concept.Name(
                        columns.names().texts().get(row),
                        language(columns.names(), row),
                        columns.senses()[row],
                        columns.counts()[row]))
                .toList();
        Columns.Worded worded = columns.descriptions();
        List<Concept.Description> descriptions = IntStream.range(worded.first(concept), worded.end(concept))
                .mapToObj(row -> new Concept.Description(worded.texts().get(row), language(worded, row)))
                .toList();
        return new Concept(
                id(concept),
                kind(concept),
                parents,
                all,
                descriptions,
                columns.states().get(concept));
    }

    private String language(Columns.Worded worded, int row) {
        return columns.languages().get(worded.languages()[row]);
    }

    /** The number of the concept with an id. */
    public OptionalInt find(String id) {
        int[] found = ids.find(id.getBytes(StandardCharsets.UTF_8));
        return found.length == 0 ? OptionalInt.empty() : OptionalInt.of(found[0]);
    }

    /**
     * The concepts that have a name, preferred or synonym, in any language. Those that the name means more often come first
     * (by counts in a tagged corpus, then by the order of senses, then by number), where the source says so.
     */
    public int[] senses(String name) {
        return owners(names.find(NameKey.of(name)));
    }

    private int[] owners(int[] rows) {
        if (rows.length == 1) {
            return new int[] {nameOwners[rows[0]]};
        }
        return Arrays.stream(rows)
                .boxed()
                .sorted(this::compareSenses)
                .mapToInt(row -> nameOwners[row])
                .distinct()
                .toArray();
    }

    private int compareSenses(int row, int other) {
        if (columns.counts()[row] != columns.counts()[other]) {
            return Integer.compare(columns.counts()[other], columns.counts()[row]);
        }
        // No sense comes after all that have one.
        int bySense = Integer.compareUnsigned(columns.senses()[row] - 1, columns.senses()[other] - 1);
        return bySense != 0 ? bySense : Integer.compare(row, other);
    }

    /** Whether a name is the preferred one of a concept in one of its languages. */
    boolean isPreferred(String name, int concept) {
        byte[] key = NameKey.of(name);
        int last = -1;
        for (int row = columns.names().first(concept); row < columns.names().end(concept); row++) {
            byte language = columns.names().languages()[row];
            if (language != last && Arrays.equals(columns.names().texts().nameKey(row), key)) {
                return true;
            }
            last = language;
        }
        return false;
    }

    /** Names that two or more concepts claim, with the concepts. */
    public SortedMap<String, List<String>> homonyms() {
        SortedMap<String, List<String>> homonyms = new TreeMap<>();
        for (int key = 0; key < names.numKeys(); key++) {
            int[] rows = names.rows(key);
            int[] owners = rows.length == 1 ? rows : owners(rows);
            if (owners.length > 1) {
                homonyms.put(
                        new String(columns.names().texts().nameKey(rows[0]), StandardCharsets.UTF_8),
                        Arrays.stream(owners).mapToObj(this::id).toList());
            }
        }
        return homonyms;
    }

    public int[] parents(int concept) {
        return columns.parents().get(concept);
    }

    public int[] children(int concept) {
        return children.get(concept);
    }

    /** All concepts above a concept, each once, nearest first, without the concept itself. */
    public int[] ancestors(int concept) {
        Set<Integer> seen = new HashSet<>();
        Numbers found = new Numbers();
        Deque<Integer> open = new ArrayDeque<>(Collections.singleton(concept));
        while (!open.isEmpty()) {
            for (int parent : parents(open.remove())) {
                if (seen.add(parent)) {
                    found.add(parent);
                    open.add(parent);
                }
            }
        }
        return found.ints();
    }

    /** Whether a concept lies below another; none lies below itself. */
    public boolean isAncestor(int ancestor, int concept) {
        Set<Integer> seen = new HashSet<>();
        Deque<Integer> open = new ArrayDeque<>(Collections.singleton(concept));
        while (!open.isEmpty()) {
            for (int parent : parents(open.remove())) {
                if (parent == ancestor) {
                    return true;
                }
                // What comes earlier in the order has nothing of the ancestor above it.
                if (order[parent] > order[ancestor] && seen.add(parent)) {
                    open.add(parent);
                }
            }
        }
        return false;
    }
}

package org.generalvision.data.label;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a label system holds, and how much of the data sets' labels it covers. Counts of labels are over all data sets, and a
 * label counts once in each.
 *
 * @param concepts number of concepts
 * @param visual those that are not of kind {@link Kind#NON_VISUAL}
 * @param names names of all concepts, synonyms included
 * @param homonyms names that two or more concepts claim
 * @param languages of names and descriptions
 * @param kinds concepts by kind
 * @param mapped labels that are merged into a concept
 * @param ambiguous labels that name several concepts
 * @param lost labels that name none
 * @param dataSets the data sets, by name
 */
public record Coverage(
        int concepts,
        int visual,
        int names,
        int homonyms,
        List<String> languages,
        SortedMap<String, Integer> kinds,
        int mapped,
        int ambiguous,
        int lost,
        List<DataSet> dataSets) {

    /**
     * One data set.
     *
     * @param examples all its examples
     * @param labels number of its labels
     * @param uses how often labels are used: pairs of an example and a label that it carries
     * @param mappedUses of them, those of merged labels
     * @param mappedShare their share, in [0, 1]
     * @param concepts distinct concepts that labels are merged into
     * @param withAncestors these and all above them
     * @param rules merges by rule
     * @param conflicts concepts that two or more labels claim
     * @param ambiguousLabels with the concepts that they may mean, the more common first
     * @param lostLabels with suggestions, if any were asked for
     */
    public record DataSet(
            String name,
            long examples,
            int labels,
            int mapped,
            int ambiguous,
            int lost,
            long uses,
            long mappedUses,
            double mappedShare,
            int concepts,
            int withAncestors,
            SortedMap<String, Integer> rules,
            List<Conflict> conflicts,
            List<Open> ambiguousLabels,
            List<Open> lostLabels) {}

    /** A concept that labels of one data set share: right if they are one thing, wrong if the data set tells them apart. */
    public record Conflict(String concept, String name, List<String> labels) {}

    /** A label that is not merged, with concepts that it may mean. */
    public record Open(String label, long examples, List<Choice> choices) {}

    /** A concept with what a person needs to choose it. */
    public record Choice(String concept, String name, String description) {}

    /** The coverage of data sets by a label system. */
    public static Coverage of(LabelSystem labels, Collection<DataMapping> mappings) {
        List<DataSet> dataSets =
                mappings.stream().map(mapping -> dataSet(labels, mapping)).toList();
        SortedMap<String, Integer> kinds = labels.kinds();
        return new Coverage(
                labels.size(),
                labels.size() - kinds.getOrDefault(Kind.NON_VISUAL.text(), 0),
                labels.numNames(),
                labels.homonyms().size(),
                labels.languages(),
                kinds,
                dataSets.stream().mapToInt(DataSet::mapped).sum(),
                dataSets.stream().mapToInt(DataSet::ambiguous).sum(),
                dataSets.stream().mapToInt(DataSet::lost).sum(),
                dataSets);
    }

    private static DataSet dataSet(LabelSystem labels, DataMapping mapping) {
        List<MergeEntry.Merge> merges = mapping.of(MergeEntry.Merge.class);
        long uses = uses(mapping.labels().values());
        SortedMap<String, Integer> rules = new TreeMap<>();
        SortedMap<String, List<String>> claims = new TreeMap<>();
        Set<Integer> above = new HashSet<>();
        for (MergeEntry.Merge merge : merges) {
            rules.merge(merge.rule().name().toLowerCase(Locale.ROOT).replace('_', '-'), 1, Integer::sum);
            claims.computeIfAbsent(merge.concept(), concept -> new ArrayList<>())
                    .add(merge.label());
            int concept = number(labels, merge);
            above.add(concept);
            for (int ancestor : labels.ancestors(concept)) {
                above.add(ancestor);
            }
        }
        List<Open> ambiguous = mapping.of(MergeEntry.Ambiguous.class).stream()
                .map(entry -> new Open(entry.label(), entry.examples(), choices(labels, entry.candidates())))
                .toList();
        List<Open> lost = mapping.of(MergeEntry.Lost.class).stream()
                .map(entry -> new Open(
                        entry.label(),
                        entry.examples(),
                        choices(
                                labels,
                                entry.suggestions().stream()
                                        .map(Suggestion::concept)
                                        .toList())))
                .toList();
        return new DataSet(
                mapping.name(),
                mapping.examples(),
                mapping.labels().size(),
                merges.size(),
                ambiguous.size(),
                lost.size(),
                uses,
                uses(merges),
                uses == 0 ? 0 : (double) uses(merges) / uses,
                claims.size(),
                above.size(),
                rules,
                conflicts(labels, claims),
                ambiguous,
                lost);
    }

    private static long uses(Collection<? extends MergeEntry.About> entries) {
        return entries.stream().mapToLong(MergeEntry.About::examples).sum();
    }

    private static int number(LabelSystem labels, MergeEntry.Merge merge) {
        return labels.find(merge.concept())
                .orElseThrow(() -> new IllegalArgumentException(
                        "entry %d merges '%s' of %s into %s, which this label system does not have; undo it or map again"
                                .formatted(merge.entry(), merge.label(), merge.data(), merge.concept())));
    }

    private static List<Conflict> conflicts(LabelSystem labels, Map<String, List<String>> claims) {
        List<Conflict> conflicts = new ArrayList<>();
        claims.forEach((concept, claimants) -> {
            if (claimants.size() > 1) {
                conflicts.add(new Conflict(concept, name(labels, concept), claimants));
            }
        });
        return conflicts;
    }

    private static List<Choice> choices(LabelSystem labels, List<String> concepts) {
        return concepts.stream()
                .map(id -> new Choice(id, name(labels, id), description(labels, id)))
                .toList();
    }

    private static String name(LabelSystem labels, String id) {
        OptionalInt concept = labels.find(id);
        return concept.isPresent() ? labels.name(concept.getAsInt()) : "";
    }

    private static String description(LabelSystem labels, String id) {
        OptionalInt concept = labels.find(id);
        if (concept.isEmpty()) {
            return "";
        }
        return labels.concept(concept.getAsInt()).descriptions().stream()
                .findFirst()
                .map(Concept.Description::text)
                .orElse("");
    }
}

package org.generalvision.data.label;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges the labels of data sets into a label system: by hand where a person has said so, otherwise by name; for what is left,
 * concepts are suggested and never chosen.
 *
 * @param labels the label system
 * @param labelsHash SHA-256 of its concepts
 * @param matcher decides by name
 * @param suggestions searches for concepts that a lost label may mean
 * @param numSuggestions most suggestions for a label; 0 for none
 */
public record LabelMerge(
        LabelSystem labels, String labelsHash, LabelMatcher matcher, SuggestionSearch suggestions, int numSuggestions) {
    public LabelMerge {
        if (numSuggestions < 0 || numSuggestions > 100) {
            throw new IllegalArgumentException("suggestions must lie in 0..100: " + numSuggestions);
        }
    }

    /**
     * Merges what is still open of a data set. Labels that are merged already stay as they are.
     *
     * @param name of the data set in the log
     * @return the log with what was found, or the same log if nothing is new
     * @throws IllegalArgumentException if the name stands for other data, or a person contradicts a merge that holds
     */
    public MergeLog map(MergeLog log, String name, LabelCounts counts, HandMapping hand) {
        DataMapping known = log.replay().get(name);
        List<MergeEntry> found = new ArrayList<>();
        if (known == null) {
            found.add(new MergeEntry.Data(0, name, counts.hash(), counts.examples(), labelsHash));
        } else if (!known.hash().equals(counts.hash())) {
            throw new IllegalArgumentException(
                    "data set %s is mapped here and was other data (%s, now %s); undo its mapping or give another --name"
                            .formatted(name, shorten(known.hash()), shorten(counts.hash())));
        }
        Map<String, MergeEntry.About> held = known == null ? Map.of() : known.labels();
        List<String> lost = new ArrayList<>();
        counts.counts().forEach((label, examples) -> {
            MergeEntry.About earlier = held.get(label);
            MergeEntry.About entry =
                    decide(name, label, examples, hand.choices().get(label), earlier);
            if (entry instanceof MergeEntry.Lost) {
                lost.add(label);
            } else if (entry != null && !(earlier != null && earlier.at(0).equals(entry))) {
                found.add(entry);
            }
        });
        addLost(name, lost, counts, held, found);
        return found.isEmpty() ? log : log.with(found);
    }

    private MergeEntry.@Nullable About decide(
            String name, String label, long examples, @Nullable String byHand, MergeEntry.@Nullable About earlier) {
        if (earlier instanceof MergeEntry.Merge merge) {
            if (byHand != null && !byHand.equals(merge.concept())) {
                throw new IllegalArgumentException(
                        "label '%s' of %s shall be %s by hand but entry %d merged it into %s (%s); undo entry %d first"
                                .formatted(
                                        label,
                                        name,
                                        byHand,
                                        merge.entry(),
                                        merge.concept(),
                                        merge.rule(),
                                        merge.entry()));
            }
            return null;
        }
        if (byHand != null) {
            return new MergeEntry.Merge(0, name, label, examples, byHand, Rule.HAND);
        }
        Match match = matcher.match(label);
        if (match instanceof Match.Unique unique) {
            return new MergeEntry.Merge(0, name, label, examples, unique.concept(), unique.rule());
        }
        if (match instanceof Match.Ambiguous ambiguous) {
            return new MergeEntry.Ambiguous(0, name, label, examples, ambiguous.candidates());
        }
        return new MergeEntry.Lost(0, name, label, examples, List.of());
    }

    private void addLost(
            String name,
            List<String> lost,
            LabelCounts counts,
            Map<String, MergeEntry.About> held,
            List<MergeEntry> found) {
        List<List<Suggestion>> suggested = suggestions.suggest(lost, numSuggestions);
        for (int i = 0; i < lost.size(); i++) {
            String label = lost.get(i);
            MergeEntry entry =
                    new MergeEntry.Lost(0, name, label, counts.counts().getOrDefault(label, 0L), suggested.get(i));
            MergeEntry.About earlier = held.get(label);
            if (earlier == null || !earlier.at(0).equals(entry)) {
                found.add(entry);
            }
        }
    }

    private static String shorten(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}

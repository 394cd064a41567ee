package org.generalvision.data.label;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The concepts that a model learns from several data sets, and what an example of each says about them. A positive counts for its
 * ancestors; a class that the data set annotates, and that is neither a positive, nor above one, nor below one, is a negative; all
 * else is unknown and must not be trained on. So a data set without cats never makes its pictures negatives for cats, and an
 * example labelled only dog says nothing about poodles. Immutable, hence safe for several threads.
 */
public final class LabelSpace {
    private final LabelSystem labels;
    private final List<Integer> concepts;
    private final Map<Integer, Integer> columns = new HashMap<>();
    private final Map<String, Annotation> dataSets = new LinkedHashMap<>();

    /**
     * The space of the concepts that the data sets' labels are merged into, and all their ancestors, in the order of the label
     * system.
     *
     * @throws IllegalArgumentException if a label is merged into a concept that the label system does not have
     */
    public LabelSpace(LabelSystem labels, Collection<DataMapping> mappings) {
        this.labels = labels;
        TreeSet<Integer> all = new TreeSet<>();
        for (DataMapping mapping : mappings) {
            for (int concept : merged(mapping).values()) {
                all.add(concept);
                for (int ancestor : labels.ancestors(concept)) {
                    all.add(ancestor);
                }
            }
        }
        concepts = List.copyOf(all);
        concepts.forEach(concept -> columns.put(concept, columns.size()));
        mappings.forEach(mapping -> dataSets.put(mapping.name(), new Annotation(mapping.name(), merged(mapping))));
    }

    /**
     * The space of data sets that are mapped in a directory.
     *
     * @throws IllegalArgumentException if one of them is not mapped there
     */
    public static LabelSpace open(LabelDirectory directory, Collection<String> dataSets) {
        LabelSystem labels = directory.load();
        Map<String, DataMapping> mapped =
                new LabelMappings(directory, labels).log().replay();
        List<DataMapping> chosen = new ArrayList<>();
        for (String name : new TreeSet<>(dataSets)) {
            DataMapping mapping = mapped.get(name);
            if (mapping == null) {
                throw new IllegalArgumentException(
                        "The labels of %s are not mapped in %s, only those of %s: map them with gv data labels map"
                                .formatted(name, directory, mapped.keySet()));
            }
            chosen.add(mapping);
        }
        return new LabelSpace(labels, chosen);
    }

    private Map<String, Integer> merged(DataMapping mapping) {
        Map<String, Integer> merged = new LinkedHashMap<>();
        mapping.merged()
                .forEach((label, id) -> merged.put(
                        label,
                        labels.find(id)
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "label '%s' of %s is merged into %s, which the label system does not have"
                                                .formatted(label, mapping.name(), id)))));
        return merged;
    }

    /** Number of columns of a target. */
    public int size() {
        return concepts.size();
    }

    /** Ids of the concepts, by column. */
    public List<String> ids() {
        return concepts.stream().map(labels::id).toList();
    }

    /** What one data set annotates. */
    public Annotation dataSet(String name) {
        Annotation annotation = dataSets.get(name);
        if (annotation == null) {
            throw new IllegalArgumentException(
                    "data set %s is not in this label space, which has %s".formatted(name, dataSets.keySet()));
        }
        return annotation;
    }

    /**
     * What an example says about each concept of the space: positive, negative, or nothing.
     *
     * @param size number of columns
     * @param positives columns that are present
     * @param negatives columns that are known to be absent
     */
    public record Target(int size, BitSet positives, BitSet negatives) {
        public Target {
            if (positives.length() > size || negatives.length() > size || positives.intersects(negatives)) {
                throw new IllegalArgumentException("positives and negatives must be disjoint and below %d: %s, %s"
                        .formatted(size, positives, negatives));
            }
        }

        /** Puts 1 for positives and 0 for all else, {@link #size} numbers. */
        public void putValues(FloatBuffer target) {
            for (int column = 0; column < size; column++) {
                target.put(positives.get(column) ? 1 : 0);
            }
        }

        /** Puts 1 for what is known and 0 for what is unknown, by which a loss is multiplied, {@link #size} numbers. */
        public void putMask(FloatBuffer mask) {
            for (int column = 0; column < size; column++) {
                mask.put(positives.get(column) || negatives.get(column) ? 1 : 0);
            }
        }
    }

    /** The classes of one data set in the space. */
    public final class Annotation {
        private final String name;
        private final Map<String, Integer> merged;

        private Annotation(String name, Map<String, Integer> merged) {
            this.name = name;
            this.merged = merged;
        }

        /** The labels of the data set that are in the space. */
        public Collection<String> classes() {
            return List.copyOf(merged.keySet());
        }

        /**
         * The target of an example of a data set in which every class was looked for in every image. Labels that are not
         * merged say nothing.
         *
         * @param present the example's labels
         */
        public Target target(Collection<String> present) {
            return target(present, merged.keySet());
        }

        /**
         * The target of an example for which only some classes were looked for, as in Open Images and LVIS.
         *
         * @param present the example's labels
         * @param verified the classes that were looked for in this image, whatever was found
         * @throws IllegalArgumentException if a verified class is none of the data set
         */
        public Target target(Collection<String> present, Collection<String> verified) {
            BitSet positives = new BitSet(size());
            for (String label : present) {
                Integer concept = merged.get(label);
                if (concept != null) {
                    set(positives, concept);
                    for (int ancestor : labels.ancestors(concept)) {
                        set(positives, ancestor);
                    }
                }
            }
            BitSet negatives = new BitSet(size());
            for (String label : verified) {
                Integer concept = merged.get(label);
                if (concept == null) {
                    throw new IllegalArgumentException(
                            "'%s' was looked for but is no merged class of %s".formatted(label, name));
                }
                int column = columns.getOrDefault(concept, -1);
                if (!positives.get(column) && !isBelow(concept, present)) {
                    negatives.set(column);
                }
            }
            return new Target(size(), positives, negatives);
        }

        private void set(BitSet bits, int concept) {
            bits.set(columns.getOrDefault(concept, -1));
        }

        private boolean isBelow(int concept, Collection<String> present) {
            for (String label : present) {
                Integer above = merged.get(label);
                if (above != null && labels.isAncestor(above, concept)) {
                    return true;
                }
            }
            return false;
        }
    }
}

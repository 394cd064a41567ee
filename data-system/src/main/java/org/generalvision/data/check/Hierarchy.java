package org.generalvision.data.check;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.generalvision.data.label.DataMapping;
import org.generalvision.data.label.LabelSystem;
import org.jspecify.annotations.Nullable;

/**
 * Which labels of a data set lie above which others, by the concepts that they are merged into. Labels that are not merged lie
 * above nothing. Safe for several threads.
 */
public final class Hierarchy {
    /** Of labels of which nothing is known. */
    public static final Hierarchy NONE = new Hierarchy(null, Map.of());

    private final @Nullable LabelSystem labels;
    private final Map<String, Integer> concepts;

    private Hierarchy(@Nullable LabelSystem labels, Map<String, Integer> concepts) {
        this.labels = labels;
        this.concepts = concepts;
    }

    /**
     * The labels of a mapped data set.
     *
     * @throws IllegalArgumentException if a label is merged into a concept that the label system does not have
     */
    public static Hierarchy of(LabelSystem labels, DataMapping mapping) {
        Map<String, Integer> concepts = new HashMap<>();
        mapping.merged().forEach((label, id) -> {
            OptionalInt concept = labels.find(id);
            if (concept.isEmpty()) {
                throw new IllegalArgumentException(
                        "label '%s' of %s is merged into %s, which the label system does not have: map it again"
                                .formatted(label, mapping.name(), id));
            }
            concepts.put(label, concept.getAsInt());
        });
        return new Hierarchy(labels, concepts);
    }

    /** Whether one label means what another means, or lies above it. */
    boolean isSameOrAbove(String above, String label) {
        if (above.equals(label)) {
            return true;
        }
        Integer upper = concepts.get(above);
        Integer lower = concepts.get(label);
        return labels != null
                && upper != null
                && lower != null
                && (upper.equals(lower) || labels.isAncestor(upper, lower));
    }
}

package org.generalvision.upstream.expert;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.List;
import org.generalvision.upstream.head.FoundObject;

/** What a head says of one image, decided: what figures are measured from, and what is drawn. */
public sealed interface Prediction {
    /**
     * Of classes or concepts.
     *
     * @param logits one for each
     */
    record Scores(ImmutableDoubleArray logits) implements Prediction {}

    /** Of objects, the surest first. */
    record Objects(List<FoundObject> found) implements Prediction {
        public Objects {
            found = List.copyOf(found);
        }
    }

    /**
     * Of pixels.
     *
     * @param classes row after row, from 0; with background that is class 0
     */
    record Segments(int height, int width, ImmutableIntArray classes) implements Prediction {}

    /**
     * Of how far pixels are.
     *
     * @param metres row after row
     */
    record Depths(int height, int width, ImmutableDoubleArray metres) implements Prediction {}
}

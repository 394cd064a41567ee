package org.generalvision.upstream.head;

import com.google.common.primitives.Floats;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Nms;

/** Boxes of one image with scores and groups on their way through suppression. */
final class ProposalList {
    private final ImmutableDoubleArray.Builder numbers = ImmutableDoubleArray.builder();
    private final List<Float> boxes = new ArrayList<>();
    private final List<Float> scores = new ArrayList<>();
    private final List<Integer> groups = new ArrayList<>();

    /** Adds a box unless a side of it is shorter than the smallest. */
    void add(double[] from, int at, double score, int group, double smallest) {
        if (from[at + 2] - from[at] >= smallest && from[at + 3] - from[at + 1] >= smallest) {
            for (int i = at; i < at + 4; i++) {
                numbers.add(from[i]);
                boxes.add((float) from[i]);
            }
            scores.add((float) score);
            groups.add(group);
        }
    }

    Regions regions() {
        return new Regions(numbers.build());
    }

    double score(int place) {
        return scores.get(place);
    }

    int group(int place) {
        return groups.get(place);
    }

    /** Places of what is kept, the highest score first. */
    int[] keep(Nms suppression, int limit) {
        return suppression.keep(Floats.toArray(boxes), Floats.toArray(scores), Ints.toArray(groups), limit);
    }
}

package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.generalvision.upstream.head.Numbers;

/** Logits of images as predictions. */
final class Scored {
    private Scored() {}

    /** A prediction for each row. */
    static List<Prediction.Scores> rows(NDArray logits) {
        double[] all = Numbers.of(logits);
        int width = Math.toIntExact(logits.getShape().get(1));
        List<Prediction.Scores> rows = new ArrayList<>();
        for (int from = 0; from < all.length; from += width) {
            rows.add(new Prediction.Scores(ImmutableDoubleArray.copyOf(Arrays.copyOfRange(all, from, from + width))));
        }
        return rows;
    }
}

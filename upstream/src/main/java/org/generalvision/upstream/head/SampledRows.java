package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.BoxCoding;
import org.generalvision.nn.BoxOps;
import org.generalvision.nn.LossOps;
import org.generalvision.nn.Ops;

/**
 * Rows of predictions that were sampled, with what they should say: a class each, and for those that are objects an anchor and a
 * box.
 */
final class SampledRows {
    /** Where the loss of an offset turns from square to linear, as in Detectron. */
    private static final double BETA = 1.0 / 9;

    private final List<Long> rows = new ArrayList<>();
    private final List<Long> classes = new ArrayList<>();
    private final List<Long> boxRows = new ArrayList<>();
    private final List<Long> anchors = new ArrayList<>();
    private final ImmutableDoubleArray.Builder boxes = ImmutableDoubleArray.builder();

    /** Adds a row that should say a class; 0 is background. */
    void add(long row, long label) {
        rows.add(row);
        classes.add(label);
    }

    /** Adds a row of offsets that should lead from an anchor to a truth. */
    void addBox(long row, long anchor, Regions truths, int truth) {
        boxRows.add(row);
        anchors.add(anchor);
        boxes.addAll(truths.numbers().subArray(4 * truth, 4 * truth + 4));
    }

    /** Mean binary cross entropy of the sampled of all logits (N), or 0 if none was sampled. */
    NDArray binaryCrossEntropy(NDArray logits_N) {
        if (rows.isEmpty()) {
            return Ops.scale(logits_N.sum(), 0);
        }
        NDArray index = logits_N.getManager().create(Longs.toArray(rows));
        NDArray sampled = Ops.gather(logits_N, 0, index);
        NDArray targets = index.getManager().create(Longs.toArray(classes)).toType(sampled.getDataType(), false);
        return LossOps.binaryCrossEntropy(sampled, targets, targets.onesLike());
    }

    /** Mean cross entropy of the sampled of all logits (N, C), or 0 if none was sampled. */
    NDArray crossEntropy(NDArray logits_NC) {
        if (rows.isEmpty()) {
            return Ops.scale(Ops.widened(logits_NC).sum(), 0);
        }
        NDArray index = logits_NC.getManager().create(Longs.toArray(rows));
        NDArray targets = index.getManager().create(Longs.toArray(classes));
        return Ops.crossEntropy(Ops.embedding(index, logits_NC), targets);
    }

    /**
     * Smooth L1 loss of the objects' offsets, summed and divided by the number of all sampled rows; 0 if there are no objects.
     *
     * @param offsets (N, 4)
     * @param anchors_M4 what the offsets are from
     */
    NDArray boxLoss(NDArray offsets, NDArray anchors_M4, BoxCoding coding) {
        if (boxRows.isEmpty()) {
            return Ops.scale(offsets.sum(), 0);
        }
        NDArray index = offsets.getManager().create(Longs.toArray(boxRows));
        NDArray predicted = Ops.embedding(index, offsets);
        NDArray from = Ops.embedding(index.getManager().create(Longs.toArray(anchors)), anchors_M4);
        NDArray truths = new Regions(boxes.build()).array(index.getManager(), predicted.getDataType());
        NDArray sum = LossOps.smoothL1Sum(predicted, BoxOps.encode(truths, from, coding), BETA);
        return Ops.scale(sum, 1.0 / rows.size());
    }
}

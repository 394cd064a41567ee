package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.load.Batch;
import org.generalvision.data.text.Tokenizer;

/**
 * The first text view of a batch with hidden tokens. Shapes: B batch, L context, M hidden tokens in the batch.
 *
 * @param tokens_BL ids with hidden tokens replaced
 * @param places_M place of each hidden token in the flattened batch (B * L)
 * @param targets_M what stood there
 */
record MaskedTexts(NDArray tokens_BL, NDArray places_M, NDArray targets_M) {
    private static final String PURPOSE = "mask";

    /**
     * Masks a batch. The draws of a text depend on the seed, the epoch and the sample alone.
     *
     * @param seed of the run
     */
    static MaskedTexts of(Batch batch, TokenMasking masking, Tokenizer tokenizer, long seed) {
        NDArray text = batch.get("text");
        int context = (int) text.getShape().get(1);
        long[] original = text.toLongArray();
        long[] tokens = original.clone();
        List<Long> places = new ArrayList<>();
        for (int row = 0; row < batch.size(); row++) {
            int begin = row * context;
            long[] one = Arrays.copyOfRange(tokens, begin, begin + context);
            RandomStream draws =
                    RandomStream.of(seed, batch.epoch(), batch.ids().get(row), PURPOSE);
            masking.apply(one, tokenizer, draws).forEach(place -> places.add((long) begin + place));
            System.arraycopy(one, 0, tokens, begin, context);
        }
        long[] chosen = places.stream().mapToLong(Long::longValue).toArray();
        long[] targets =
                Arrays.stream(chosen).map(place -> original[(int) place]).toArray();
        NDManager manager = text.getManager();
        return new MaskedTexts(
                manager.create(tokens, new Shape(batch.size(), context)),
                manager.create(chosen),
                manager.create(targets));
    }

    /** Whether any token is hidden. */
    boolean anyHidden() {
        return targets_M.getShape().size() > 0;
    }
}

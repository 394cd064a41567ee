package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/**
 * A batch that the networks read in chunks (gradient caching, arXiv 2101.06983). All chunks are encoded without a graph; the
 * losses of the joined results give the gradient of each result; and on the way back each chunk is encoded once more, with a
 * graph, and its gradient handed on. Memory holds the activations of one chunk, at the price of a second forward pass. The
 * gradients are those of the batch read at once where networks read each sample for itself; batch norms see the statistics of
 * their chunk, so that with them they are those of a batch whose norms are taken in groups of {@code chunkSize} samples.
 */
final class ChunkedForward implements Forward {
    private final ChunkedObjective objective;
    private final Batch batch;
    private final Pass pass;
    private final long seed;
    private final NDManager manager;
    private final NDList joined = new NDList();

    ChunkedForward(ChunkedObjective objective, Batch batch, Pass pass, long seed) {
        this.objective = objective;
        this.batch = batch;
        this.pass = pass;
        this.seed = seed;
        manager = batch.arrays().values().iterator().next().getManager();
    }

    @Override
    public Losses losses() {
        JniUtils.setGradMode(false);
        List<NDList> chunks = new ArrayList<>();
        for (int begin = 0; begin < batch.size(); begin += objective.chunkSize()) {
            try (NDManager scratch = manager.newSubManager()) {
                // Running statistics move on the way back, with the pass that counts.
                NDList encoded = encode(begin, pass.rehearsing(), scratch);
                encoded.attach(manager);
                chunks.add(encoded);
            }
        }
        JniUtils.setGradMode(true);
        for (int i = 0; i < chunks.get(0).size(); i++) {
            int result = i;
            joined.add(leaf(chunks.stream().map(chunk -> chunk.get(result)).toList()));
        }
        JniUtils.setSeed(seed);
        return objective.losses(joined, batch, pass);
    }

    /** The joined rows of all chunks, where the graph of the losses begins; its gradient is there, and zero, from the start. */
    private static NDArray leaf(List<NDArray> rows) {
        NDArray leaf = NDArrays.concat(new NDList(rows)).stopGradient();
        rows.forEach(NDArray::close);
        leaf.setRequiresGradient(true);
        TrainStep.backward(Ops.scale(leaf, 0).sum(), 1);
        return leaf;
    }

    @Override
    public void back() {
        for (int begin = 0; begin < batch.size(); begin += objective.chunkSize()) {
            try (NDManager scratch = manager.newSubManager()) {
                NDList encoded = encode(begin, pass, scratch);
                TrainStep.backward(product(encoded, begin), 1);
            }
        }
    }

    /** A scalar whose gradient with respect to each result of a chunk is that which the losses gave it. */
    private NDArray product(NDList encoded, int begin) {
        int end = end(begin);
        return IntStream.range(0, encoded.size())
                .mapToObj(i -> {
                    NDArray gradient = rows(joined.get(i).getGradient(), begin, end);
                    return encoded.get(i).mul(gradient).sum();
                })
                .reduce(NDArray::add)
                .orElseThrow(() -> new IllegalStateException("An objective encoded nothing"));
    }

    /** A chunk's results in float32, in which gradients are kept; each walk makes the same draws. */
    private NDList encode(int begin, Pass walk, NDManager scratch) {
        JniUtils.setSeed(RandomStream.mix(seed, begin));
        int end = end(begin);
        NDList encoded = objective.encode(
                new Batch(
                        batch.step(),
                        batch.epoch(),
                        batch.ids().subList(begin, end),
                        Maps.toMap(batch.arrays().keySet(), name -> {
                            NDArray part = rows(batch.get(name), begin, end);
                            part.attach(scratch);
                            return part;
                        })),
                walk);
        return new NDList(encoded.stream().map(Ops::toFloat32).toList());
    }

    private int end(int begin) {
        return Math.min(begin + objective.chunkSize(), batch.size());
    }

    private static NDArray rows(NDArray array, int begin, int end) {
        return array.get(new NDIndex("{}:{}", begin, end));
    }
}

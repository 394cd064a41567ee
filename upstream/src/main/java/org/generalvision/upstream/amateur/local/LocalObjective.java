package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.train.Buffers;
import org.generalvision.train.Losses;
import org.generalvision.train.Objective;
import org.generalvision.upstream.amateur.ImageTextModel;
import org.generalvision.upstream.amateur.local.RegionEncoder.Encoded;
import org.generalvision.upstream.head.Regions;

/**
 * SoCo (arXiv 2106.02637) from a trained tower: each region of one view predicts what the target makes of the same region in
 * another view, between the first view and each of the other two, both ways. Beside it the embedding of the whole image is held
 * where it was, so that texts still find it.
 */
public final class LocalObjective implements Objective {
    private final LocalModel model;
    private final LocalConfig config;
    private final long steps;
    private final MomentumTarget target;
    private final StartingTower start;
    private boolean targetFrozenAsModel;

    /**
     * An objective whose target and start are the model as it is now.
     *
     * @param model initialized, with the weights of the global stage
     * @param steps of the run
     * @param manager owner of target and start
     */
    public LocalObjective(
            LocalModel model, ImageTextModel.Config towers, LocalConfig config, long steps, NDManager manager) {
        this.model = model;
        this.config = config;
        this.steps = steps;
        target = MomentumTarget.of(model, towers, config.network(), manager);
        start = StartingTower.of(model, towers, manager);
    }

    @Override
    public LocalModel model() {
        return model;
    }

    MomentumTarget target() {
        return target;
    }

    StartingTower start() {
        return start;
    }

    @Override
    public Losses losses(Batch batch, Pass pass) {
        if (pass.training() && batch.size() < 2) {
            throw new IllegalArgumentException(
                    "Region contrast needs at least 2 images in a batch for its norms, and got"
                            + " 1: raise data.loader.batchSize, or mend the unreadable images that made a batch smaller");
        }
        if (!targetFrozenAsModel) { // the recipe's layers are frozen after the objective was made
            target.freezeAs(model);
            targetFrozenAsModel = true;
        }
        List<View> views = views(batch);
        Encoded first = encode(views.get(0), pass);
        Encoded second = encode(views.get(1), pass);
        // Evaluation sees whole images at full size: their statistics are not to be mixed with those of the small view.
        Encoded third = encode(views.get(2), pass.rehearsing());
        List<NDArray> targets = views.stream()
                .map(view -> target.project(view.images_B3HW, view.regions, pass))
                .toList();
        NDArray q1_NO = model.predict(first.regions(), pass);
        NDArray q2_NO = model.predict(second.regions(), pass);
        NDArray q3_NO = model.predict(third.regions(), pass.rehearsing());
        NDArray regions = contrast(q1_NO, targets.get(1))
                .add(contrast(q1_NO, targets.get(2)))
                .add(contrast(q2_NO, targets.get(0)))
                .add(contrast(q3_NO, targets.get(0)));
        Losses losses = new Losses().add("regions", 1, regions);
        if (config.keep() > 0) {
            NDArray then_BE = start.forward(views.get(0).images_B3HW, pass);
            losses.add("keep", config.keep(), distance(model.embedding(first.feature(), pass), then_BE));
        }
        return losses;
    }

    private record View(NDArray images_B3HW, List<Regions> regions) {}

    private static List<View> views(Batch batch) {
        List<View> views = new ArrayList<>();
        for (String number : List.of("", "2", "3")) {
            views.add(new View(batch.get("image" + number), regions(batch.get("boxes" + number))));
        }
        return views;
    }

    /** The regions of each image, from (B, K, 4). */
    static List<Regions> regions(NDArray boxes_BK4) {
        float[] numbers = boxes_BK4.toFloatArray();
        int perImage = 4 * (int) boxes_BK4.getShape().get(1);
        List<Regions> regions = new ArrayList<>();
        for (int begin = 0; begin < numbers.length; begin += perImage) {
            ImmutableDoubleArray.Builder own = ImmutableDoubleArray.builder(perImage);
            for (int i = begin; i < begin + perImage; i++) {
                own.add(numbers[i]);
            }
            regions.add(new Regions(own.build()));
        }
        return regions;
    }

    private Encoded encode(View view, Pass pass) {
        return model.encode(view.images_B3HW, view.regions, pass);
    }

    /** The mean over all regions of -2 cos(q, k) (SoCo, equation 2); no gradient reaches k. */
    static NDArray contrast(NDArray q_NO, NDArray k_NO) {
        return Ops.scale(meanCosine(q_NO, k_NO), -2);
    }

    /** The mean squared distance of normalized embeddings, 2 - 2 cos; no gradient reaches the second. */
    static NDArray distance(NDArray now_BE, NDArray then_BE) {
        return Ops.scale(meanCosine(now_BE, then_BE), -2).add(2);
    }

    private static NDArray meanCosine(NDArray x, NDArray constant) {
        NDArray wide = Ops.normalize(Ops.widened(x), 1);
        NDArray other = Ops.normalize(Ops.widened(constant.stopGradient()), 1);
        return wide.mul(other).sum(new int[] {1}).mean();
    }

    /** Moves the target; the momentum is that of the step just done. */
    @Override
    public void afterUpdate(long step) {
        target.follow(model, config.momentum().at(step, steps));
    }

    @Override
    public Buffers buffers() {
        SortedMap<String, NDArray> arrays = new TreeMap<>();
        target.arrays().forEach((path, array) -> arrays.put("target." + path, array));
        start.arrays().forEach((path, array) -> arrays.put("start." + path, array));
        return new Buffers(arrays);
    }
}

package org.generalvision.upstream.amateur.local;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.EvaluationPass;
import org.generalvision.data.load.LoaderConfig;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.propose.ProposalStore;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.RoiAlign;
import org.generalvision.upstream.amateur.ImageTextMetrics.Places;
import org.generalvision.upstream.head.RegionPooling;
import org.generalvision.upstream.head.TapWidths;

/** Measures a backbone as {@link RegionEvaluation} says. */
record RegionMetrics(
        RegionEvaluation config, LocalData data, LoaderConfig loader, Backbone image, Pass pass, Places places) {

    /** The figures; views and regions of an image are the same in every call. */
    SortedMap<String, Double> measure() {
        Found found = new Found();
        try (ExampleSource source = config.data().open(places.cache());
                ProposalStore proposals = data.proposals(source, places.cache());
                EvaluationPass images =
                        EvaluationPass.over(source, data.samples(proposals), loader, quarantine(source))) {
            while (images.hasNext()) {
                try (NDManager scratch = places.manager().newSubManager()) {
                    Batch batch = images.next(scratch);
                    NDArray first_NF = read(batch.get("image"), batch.get("boxes"));
                    NDArray second_NF = read(batch.get("image2"), batch.get("boxes2"));
                    float[] cosines = first_NF.matMul(second_NF.transpose()).toFloatArray();
                    found.add(cosines, data.regions().number());
                }
            }
        }
        return found.figures();
    }

    /** The normalized content of each region: (N, channels x bins x bins). */
    private NDArray read(NDArray images, NDArray boxes_BK4) {
        Pass tapped = pass.withTaps();
        image.features(images, tapped);
        List<Integer> stride = List.of(config.stride());
        RegionPooling pooling = new RegionPooling(new RoiAlign(config.bins(), config.bins(), 0), stride, 1);
        NDArray read = Ops.widened(pooling.read(TapWidths.read(tapped, stride), LocalObjective.regions(boxes_BK4)));
        return Ops.normalize(read.reshape(new Shape(read.getShape().get(0), -1)), 1);
    }

    private Quarantine quarantine(ExampleSource source) {
        return new Quarantine(
                places.run().resolve("quarantine-regions.jsonl"), source.size(), loader.quarantineLimit());
    }

    /** Counts regions that find themselves; of several equally near ones the first is taken. */
    static final class Found {
        private long regions;
        private long inBatch;
        private long inImage;

        void add(float[] cosines, int perImage) {
            int count = (int) Math.sqrt(cosines.length);
            for (int i = 0; i < count; i++) {
                int image = i - i % perImage;
                inBatch += nearest(cosines, i * count, 0, count) == i ? 1 : 0;
                inImage += nearest(cosines, i * count, image, image + perImage) == i ? 1 : 0;
            }
            regions += count;
        }

        private static int nearest(float[] cosines, int row, int from, int to) {
            int best = from;
            for (int i = from + 1; i < to; i++) {
                best = cosines[row + i] > cosines[row + best] ? i : best;
            }
            return best;
        }

        SortedMap<String, Double> figures() {
            if (regions == 0) {
                throw new IllegalArgumentException("regions.data has no readable image; name other data");
            }
            return new TreeMap<>(java.util.Map.of(
                    "regions/inBatch", (double) inBatch / regions, "regions/inImage", (double) inImage / regions));
        }
    }
}

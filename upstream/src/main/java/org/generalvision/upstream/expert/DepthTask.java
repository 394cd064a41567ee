package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Floats;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.generalvision.data.load.Batch;
import org.generalvision.metric.DepthErrors;
import org.generalvision.metric.DepthProtocol;
import org.generalvision.nn.Layer;
import org.generalvision.train.Losses;
import org.generalvision.upstream.head.DepthHead;
import org.generalvision.upstream.head.Numbers;

/** Metric depth for each pixel. */
record DepthTask(DepthHead head, DepthProtocol protocol) implements TaskHead<Prediction.Depths> {
    @Override
    public Layer layer() {
        return head;
    }

    @Override
    public Answers addLosses(Features features, Batch batch, String prefix, Losses losses) {
        NDArray metres = batch.get("depth");
        NDArray logs = logDepth(
                features,
                Math.toIntExact(metres.getShape().get(1)),
                Math.toIntExact(metres.getShape().get(2)));
        losses.add(prefix + "depth", 1, head.loss(logs, metres));
        return new Answers.Depths(logs);
    }

    @Override
    public Answers answers(Features features, int height, int width) {
        return new Answers.Depths(logDepth(features, height, width));
    }

    private NDArray logDepth(Features features, int height, int width) {
        return head.logDepth(features.maps(head.strides()), height, width, features.pass());
    }

    @Override
    public List<Prediction.Depths> predict(Features features, Batch batch) {
        Shape size = batch.get("depth").getShape();
        int height = Math.toIntExact(size.get(1));
        int width = Math.toIntExact(size.get(2));
        double[] logs = Numbers.of(logDepth(features, height, width));
        int pixels = height * width;
        List<Prediction.Depths> predictions = new ArrayList<>();
        for (int image = 0; image < batch.size(); image++) {
            double[] metres = new double[pixels];
            for (int i = 0; i < pixels; i++) {
                metres[i] = Math.exp(logs[image * pixels + i]);
            }
            predictions.add(new Prediction.Depths(height, width, ImmutableDoubleArray.copyOf(metres)));
        }
        return predictions;
    }

    @Override
    public Measurement<Prediction.Depths> measure() {
        return new Errors();
    }

    private final class Errors implements Measurement<Prediction.Depths> {
        private final List<DepthErrors> images = new ArrayList<>();

        @Override
        public void add(List<Prediction.Depths> predictions, Batch batch) {
            float[] known = batch.get("depth").toFloatArray();
            int from = 0;
            for (Prediction.Depths depths : predictions) {
                int to = from + depths.metres().length();
                protocol.errors(
                                Arrays.copyOfRange(known, from, to),
                                Floats.toArray(depths.metres().asList()),
                                depths.height(),
                                depths.width())
                        .ifPresent(images::add);
                from = to;
            }
        }

        @Override
        public SortedMap<String, Double> figures() {
            return DepthErrors.mean(images).figures();
        }
    }
}

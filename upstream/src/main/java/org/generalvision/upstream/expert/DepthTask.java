package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
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
record DepthTask(DepthHead head, DepthProtocol protocol) implements TaskHead {
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
    public Measurement measure() {
        return new Errors();
    }

    private final class Errors implements Measurement {
        private final List<DepthErrors> images = new ArrayList<>();

        @Override
        public void add(Features features, Batch batch) {
            NDArray truths = batch.get("depth");
            int height = Math.toIntExact(truths.getShape().get(1));
            int width = Math.toIntExact(truths.getShape().get(2));
            double[] logs = Numbers.of(logDepth(features, height, width));
            float[] predicted = new float[logs.length];
            for (int i = 0; i < logs.length; i++) {
                predicted[i] = (float) Math.exp(logs[i]);
            }
            float[] known = truths.toFloatArray();
            int pixels = height * width;
            for (int image = 0; image < batch.size(); image++) {
                protocol.errors(
                                Arrays.copyOfRange(known, image * pixels, (image + 1) * pixels),
                                Arrays.copyOfRange(predicted, image * pixels, (image + 1) * pixels),
                                height,
                                width)
                        .ifPresent(images::add);
            }
        }

        @Override
        public SortedMap<String, Double> figures() {
            return DepthErrors.mean(images).figures();
        }
    }
}

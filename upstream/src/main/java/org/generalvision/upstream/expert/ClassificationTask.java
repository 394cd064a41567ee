package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.metric.MeanPerClassAccuracy;
import org.generalvision.metric.Predictions;
import org.generalvision.metric.TopOneAccuracy;
import org.generalvision.nn.Layer;
import org.generalvision.train.Losses;
import org.generalvision.upstream.head.ClassificationHead;

/** A class for each image. */
record ClassificationTask(ClassificationHead head, int classes, double smoothing)
        implements TaskHead<Prediction.Scores> {
    @Override
    public Layer layer() {
        return head;
    }

    @Override
    public Answers addLosses(Features features, Batch batch, String prefix, Losses losses) {
        NDArray logits = head.forward(features.pooled(), features.pass());
        losses.add(prefix + "class", 1, head.loss(logits, batch.get("label"), smoothing));
        return new Answers.Classes(logits);
    }

    @Override
    public Answers answers(Features features, int height, int width) {
        return new Answers.Classes(head.forward(features.pooled(), features.pass()));
    }

    @Override
    public List<Prediction.Scores> predict(Features features, Batch batch) {
        return Scored.rows(head.forward(features.pooled(), features.pass()));
    }

    @Override
    public Measurement<Prediction.Scores> measure() {
        return new Accuracy();
    }

    private final class Accuracy implements Measurement<Prediction.Scores> {
        private final List<Double> scores = new ArrayList<>();
        private final List<Integer> labels = new ArrayList<>();

        @Override
        public void add(List<Prediction.Scores> predictions, Batch batch) {
            predictions.forEach(prediction -> scores.addAll(prediction.logits().asList()));
            for (long label : batch.get("label").toLongArray()) {
                labels.add(Math.toIntExact(label));
            }
        }

        @Override
        public SortedMap<String, Double> figures() {
            Predictions predictions = new Predictions(Doubles.toArray(scores), classes, Ints.toArray(labels));
            return new TreeMap<>(Map.of(
                    "top1", TopOneAccuracy.of(predictions), "meanPerClass", MeanPerClassAccuracy.of(predictions)));
        }
    }
}

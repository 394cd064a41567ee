package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.load.Batch;
import org.generalvision.metric.AveragePrecision;
import org.generalvision.metric.AveragePrecision.Truth;
import org.generalvision.nn.Layer;
import org.generalvision.train.Losses;
import org.generalvision.upstream.head.MultiLabelHead;

/** Any number of concepts for each image. */
record MultiLabelTask(MultiLabelHead head, int concepts) implements TaskHead<Prediction.Scores> {
    @Override
    public Layer layer() {
        return head;
    }

    @Override
    public Answers addLosses(Features features, Batch batch, String prefix, Losses losses) {
        NDArray logits = head.forward(features.pooled(), features.pass());
        losses.add(prefix + "concepts", 1, head.loss(logits, batch.get("present"), batch.get("known")));
        return new Answers.Concepts(logits);
    }

    @Override
    public Answers answers(Features features, int height, int width) {
        return new Answers.Concepts(head.forward(features.pooled(), features.pass()));
    }

    @Override
    public List<Prediction.Scores> predict(Features features, Batch batch) {
        return Scored.rows(head.forward(features.pooled(), features.pass()));
    }

    @Override
    public Measurement<Prediction.Scores> measure() {
        return new Ranking();
    }

    private final class Ranking implements Measurement<Prediction.Scores> {
        private final List<float[]> scores = new ArrayList<>();
        private final List<Truth[]> truths = new ArrayList<>();

        @Override
        public void add(List<Prediction.Scores> predictions, Batch batch) {
            float[] present = batch.get("present").toFloatArray();
            float[] known = batch.get("known").toFloatArray();
            int first = 0;
            for (Prediction.Scores prediction : predictions) {
                ImmutableDoubleArray logits = prediction.logits();
                float[] own = new float[concepts];
                Truth[] truth = new Truth[concepts];
                for (int i = 0; i < concepts; i++) {
                    own[i] = (float) logits.get(i);
                    truth[i] = known[first + i] == 0
                            ? Truth.UNKNOWN
                            : present[first + i] == 0 ? Truth.ABSENT : Truth.PRESENT;
                }
                scores.add(own);
                truths.add(truth);
                first += concepts;
            }
        }

        @Override
        public SortedMap<String, Double> figures() {
            for (int concept = 0; concept < concepts; concept++) {
                leaveOutIfNeverAbsent(concept);
            }
            AveragePrecision precision =
                    AveragePrecision.of(scores.toArray(float[][]::new), truths.toArray(Truth[][]::new));
            return new TreeMap<>(Map.of("meanAp", precision.mean()));
        }

        /** Any order of the images is right for a concept that is known to be absent from none, such as the topmost one. */
        private void leaveOutIfNeverAbsent(int concept) {
            if (truths.stream().noneMatch(truth -> truth[concept] == Truth.ABSENT)) {
                truths.forEach(truth -> truth[concept] = Truth.UNKNOWN);
            }
        }
    }
}

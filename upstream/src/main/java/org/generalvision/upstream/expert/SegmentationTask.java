package org.generalvision.upstream.expert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.generalvision.data.load.Batch;
import org.generalvision.metric.SegmentationScores;
import org.generalvision.nn.Layer;
import org.generalvision.train.Losses;
import org.generalvision.upstream.head.SegmentationHead;

/** A class for each pixel. */
record SegmentationTask(SegmentationHead head, int classes, SegmentationHead.Config config)
        implements TaskHead<Prediction.Segments> {
    @Override
    public Layer layer() {
        return head;
    }

    private static NDArray labels(Batch batch) {
        return batch.get("segments").toType(DataType.INT64, false);
    }

    @Override
    public Answers addLosses(Features features, Batch batch, String prefix, Losses losses) {
        List<NDArray> maps = features.maps(head.strides());
        NDArray logits = head.logits(maps, features.pass());
        SegmentationHead.Loss loss = head.loss(logits, maps, labels(batch), features.pass());
        losses.add(prefix + "pixels", 1, loss.pixels());
        if (loss.auxiliary() != null && config.auxiliary() != null) {
            losses.add(prefix + "auxiliary", config.auxiliary().weight(), loss.auxiliary());
        }
        return new Answers.Classes(logits);
    }

    @Override
    public Answers answers(Features features, int height, int width) {
        return new Answers.Classes(head.logits(features.maps(head.strides()), features.pass()));
    }

    @Override
    public List<Prediction.Segments> predict(Features features, Batch batch) {
        Shape size = batch.get("segments").getShape();
        int height = Math.toIntExact(size.get(1));
        int width = Math.toIntExact(size.get(2));
        int[] all = numbers(head.predict(features.maps(head.strides()), height, width, features.pass()));
        int pixels = height * width;
        return IntStream.range(0, batch.size())
                .mapToObj(image -> new Prediction.Segments(
                        height,
                        width,
                        ImmutableIntArray.copyOf(Arrays.copyOfRange(all, image * pixels, (image + 1) * pixels))))
                .toList();
    }

    private static int[] numbers(NDArray labels) {
        return LongStream.of(labels.toLongArray()).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public Measurement<Prediction.Segments> measure() {
        return new Pixels();
    }

    private final class Pixels implements Measurement<Prediction.Segments> {
        private final SegmentationScores.Counter counter =
                new SegmentationScores.Counter(classes, SegmentationHead.IGNORED);

        @Override
        public void add(List<Prediction.Segments> predictions, Batch batch) {
            int[] predicted = predictions.stream()
                    .flatMapToInt(segments -> segments.classes().stream())
                    .toArray();
            counter.add(numbers(labels(batch)), predicted);
        }

        @Override
        public SortedMap<String, Double> figures() {
            SegmentationScores scores = counter.scores();
            return new TreeMap<>(Map.of(
                    "meanIou", scores.meanIou(),
                    "pixelAccuracy", scores.pixelAccuracy(),
                    "meanClassAccuracy", scores.meanClassAccuracy()));
        }
    }
}

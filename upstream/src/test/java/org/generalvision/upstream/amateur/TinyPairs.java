package org.generalvision.upstream.amateur;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.BatchSource;
import org.generalvision.data.text.Tokenizer;
import org.generalvision.nn.Layer;
import org.generalvision.train.OptimizerConfig;
import org.generalvision.train.ParameterGroup;
import org.generalvision.train.Schedule;
import org.generalvision.train.TrainConfig;

/** Tiny models, and batches of colored squares with captions, that depend on nothing but their number. */
final class TinyPairs implements BatchSource {
    static final int CONTEXT = 8;
    static final ImageTextModel.Config MODEL = new ImageTextModel.Config(
            "mn-n", 32, 0, new TextTower.Config(16, 2, 2, CONTEXT, 0), 12, new LogitScale(Math.log(1 / 0.07), 0, 4.6));
    static final AmateurConfig ALL_LOSSES = config(new LossWeights(0.4, 0.2, 0.2, 0.2));

    private final Tokenizer tokenizer;
    private final int batchSize;
    private final int views;
    private long next;

    TinyPairs(Tokenizer tokenizer, int batchSize, int views) {
        this.tokenizer = tokenizer;
        this.batchSize = batchSize;
        this.views = views;
    }

    static AmateurConfig config(LossWeights weights) {
        return new AmateurConfig(weights, 10, false, 64, new SimSiam.Config(8, 4), new TokenMasking(0.3, 0.8, 0.1));
    }

    static <L extends Layer> L initialized(L model, DataType type, NDManager manager) {
        JniUtils.setSeed(7);
        model.initialize(manager, type);
        return model;
    }

    static TrainConfig train(long steps, long saveEvery, double learningRate) {
        ParameterGroup everything = new ParameterGroup(List.of("**"), 1, 0);
        return new TrainConfig(
                3,
                steps,
                1,
                org.generalvision.nn.Precision.FLOAT32,
                "cpu",
                new OptimizerConfig.AdamW(learningRate, 0.9, 0.98, 1e-8, List.of(everything)),
                new Schedule.Constant(0),
                1,
                0,
                List.of(),
                1,
                steps,
                saveEvery,
                TrainConfig.Keep.newest(5));
    }

    /** A batch of the captions in turn, each with an image of its own color. */
    Batch batch(long number, NDManager manager, DataType type) {
        long[] ids = LongStream.range(number * batchSize, (number + 1) * batchSize)
                .map(i -> i % Captions.ALL.size())
                .toArray();
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (int view = 1; view <= views; view++) {
            String suffix = view == 1 ? "" : "2";
            List<double[]> images = new ArrayList<>();
            List<long[]> texts = new ArrayList<>();
            for (long id : ids) {
                images.add(image(id, number, view));
                texts.add(tokenizer.encode(Captions.ALL.get((int) id), CONTEXT));
            }
            double[] pixels =
                    images.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
            arrays.put(
                    "image" + suffix,
                    manager.create(pixels, new Shape(batchSize, 3, 32, 32)).toType(type, false));
            arrays.put(
                    "text" + suffix,
                    manager.create(
                            texts.stream().flatMapToLong(LongStream::of).toArray(), new Shape(batchSize, CONTEXT)));
        }
        arrays.put("caption", manager.create(ids));
        List<Long> samples = LongStream.of(ids).boxed().toList();
        return new Batch(number, number / batchesPerEpoch(), samples, arrays);
    }

    private static double[] image(long id, long number, int view) {
        RandomStream color = RandomStream.of(5, 0, id, "color");
        double[] means = {color.nextGaussian(), color.nextGaussian(), color.nextGaussian()};
        RandomStream noise = RandomStream.of(5, number, id, "noise" + view);
        double[] pixels = new double[3 * 32 * 32];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = means[i / 1024] + 0.3 * noise.nextGaussian();
        }
        return pixels;
    }

    @Override
    public long batchesPerEpoch() {
        return 4;
    }

    @Override
    public void seek(long batch) {
        next = batch;
    }

    @Override
    public Batch next(NDManager manager) {
        return batch(next++, manager, DataType.FLOAT32);
    }

    @Override
    public double waitSeconds() {
        return 0;
    }

    @Override
    public void close() {}
}

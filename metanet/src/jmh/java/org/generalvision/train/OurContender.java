package org.generalvision.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.generalvision.bench.Contender;
import org.generalvision.bench.Hybrid;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;
import org.generalvision.nn.Precision;
import org.generalvision.zoo.ZooCatalog;

/** Our side of the training-speed comparison: the real {@link TrainStep} with fused AdamW. */
public final class OurContender implements Contender {
    private final NDManager manager = NDManager.newBaseManager();
    private final TrainStep trainStep;
    private final Shape input;
    private final int classes;
    private long step;

    private OurContender(Layer network, Shape input, int classes, Precision precision) {
        this.input = input;
        this.classes = classes;
        network.initialize(manager, DataType.FLOAT32);
        OptimizerConfig adamW =
                new OptimizerConfig.AdamW(1e-3, 0.9, 0.999, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0.05)));
        TrainConfig config = new TrainConfig(
                0,
                Long.MAX_VALUE,
                1,
                precision,
                "cpu",
                adamW,
                new Schedule.Constant(0),
                0,
                0,
                List.of(),
                1,
                1,
                1,
                TrainConfig.Keep.newest(1));
        trainStep = new TrainStep(config, new Classify(network), 0, manager);
    }

    /** Usage: NETWORK (hybrid or a name of the zoo) PRECISION (float32 or mixed). */
    public static void main(String[] args) throws IOException {
        Engine.getEngine("PyTorch").setRandomSeed(0);
        Precision precision = args[1].equals("mixed") ? Precision.MIXED : Precision.FLOAT32;
        boolean hybrid = args[0].equals("hybrid");
        Layer network = hybrid ? new Hybrid() : ZooCatalog.create(args[0], 1000, 224);
        Shape input = hybrid ? new Shape(16, 64, 64, 3) : new Shape(8, 224, 224, 3);
        Contender.serve(new OurContender(network, input, hybrid ? 100 : 1000, precision));
    }

    @Override
    public void step() {
        try (NDManager scratch = manager.newSubManager()) {
            // A batch as the loader makes it: rows of channels-last pixels, seen as (B, 3, H, W).
            NDArray images = scratch.randomNormal(input).transpose(0, 3, 1, 2);
            NDArray labels = scratch.arange((int) input.get(0)).mod(classes).toType(DataType.INT64, false);
            List<Long> ids = LongStream.range(0, input.get(0)).boxed().toList();
            trainStep.run(step, List.of(new Batch(step, 0, ids, Map.of("image", images, "label", labels))));
            step++;
        }
    }

    private record Classify(Layer model) implements Objective {
        @Override
        public Losses losses(Batch batch, Pass pass) {
            NDArray scores = Ops.toFloat32(model.forward(batch.get("image"), pass));
            return new Losses().add("crossEntropy", 1, Ops.crossEntropy(scores, batch.get("label")));
        }
    }
}

package org.generalvision.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.generalvision.bench.Contender;
import org.generalvision.bench.Subject;
import org.generalvision.data.load.Batch;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Ops;
import org.generalvision.nn.Pass;

/** Our side of the comparison: the real {@link TrainStep} with fused AdamW, or a forward pass in evaluation mode. */
public final class OurContender implements Contender {
    private final NDManager manager = NDManager.newBaseManager();
    private final Subject subject;
    private final Layer network;
    private final TrainStep trainStep;
    private final NDArray images;
    private final NDArray labels;
    private long step;

    private OurContender(Subject subject) {
        this.subject = subject;
        network = subject.create();
        network.initialize(manager, DataType.FLOAT32);
        Shape shape = subject.input();
        // As the loader makes it: rows of channels-last pixels, seen as (B, 3, H, W).
        images = manager.randomNormal(new Shape(shape.get(0), shape.get(2), shape.get(3), shape.get(1)))
                .transpose(0, 3, 1, 2);
        labels = manager.arange((int) shape.get(0)).mod(subject.classes()).toType(DataType.INT64, false);
        OptimizerConfig adamW =
                new OptimizerConfig.AdamW(1e-3, 0.9, 0.999, 1e-8, List.of(new ParameterGroup(List.of("**"), 1, 0.05)));
        TrainConfig config = new TrainConfig(
                0,
                Long.MAX_VALUE,
                1,
                subject.precision(),
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

    /** Usage: NETWORK PRECISION WORK, see {@link Subject#of}. */
    public static void main(String[] args) throws IOException {
        Engine.getEngine("PyTorch").setRandomSeed(0);
        JniUtils.setGradMode(false);
        Contender.serve(new OurContender(Subject.of(args[0], args[1], args[2])));
    }

    @Override
    public void step() {
        if (subject.training()) {
            List<Long> ids =
                    LongStream.range(0, images.getShape().get(0)).boxed().toList();
            trainStep.run(step, List.of(new Batch(step, 0, ids, Map.of("image", images, "label", labels))));
            step++;
        } else {
            try (NDManager scratch = manager.newSubManager()) {
                NDArray x = images.stopGradient();
                x.attach(scratch);
                Ops.toFloat32(network.forward(x, Pass.evaluation(subject.precision())))
                        .toFloatArray();
            }
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

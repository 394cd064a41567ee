package org.generalvision.bench;

import ai.djl.Model;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;

/** The comparison's networks as DJL's own blocks, trained by DJL's own {@code Trainer} and AdamW. */
final class DjlContender implements Contender {
    private final Trainer trainer;
    private final NDArray images;
    private final NDArray labels;
    private final boolean training;

    private DjlContender(Block network, Shape input, int classes, boolean training) {
        this.training = training;
        Model model = Model.newInstance("comparison");
        model.setBlock(network);
        trainer = model.newTrainer(new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
                .optOptimizer(Optimizer.adamW()
                        .optLearningRateTracker(Tracker.fixed(1e-3f))
                        .optWeightDecays(0.05f)
                        .build()));
        trainer.initialize(input);
        NDManager manager = model.getNDManager();
        images = manager.randomNormal(input);
        labels = manager.arange((int) input.get(0)).mod(classes).toType(DataType.INT64, false);
    }

    /** Whether there is such a network of DJL's own blocks. */
    static boolean knows(Subject subject) {
        return subject.isHybrid() || subject.network().equals("resnet50");
    }

    /** Usage: NETWORK PRECISION WORK, see {@link Subject#of}. */
    public static void main(String[] args) throws IOException {
        Engine.getEngine("PyTorch").setRandomSeed(0);
        Subject subject = Subject.of(args[0], args[1], args[2]);
        Block network = subject.isHybrid() ? hybrid() : resNet50();
        Contender.serve(new DjlContender(network, subject.input(), subject.classes(), subject.training()));
    }

    @Override
    public void step() {
        try (NDManager manager = trainer.getManager().newSubManager()) {
            NDArray x = images.duplicate();
            x.attach(manager);
            if (training) {
                train(manager, x);
            } else {
                trainer.evaluate(new NDList(x)).singletonOrThrow().toFloatArray();
            }
        }
    }

    private void train(NDManager manager, NDArray x) {
        NDArray y = labels.duplicate();
        y.attach(manager);
        try (GradientCollector collector = trainer.newGradientCollector()) {
            NDList scores = trainer.forward(new NDList(x));
            NDArray loss = trainer.getLoss().evaluate(new NDList(y), scores);
            collector.backward(loss);
            loss.getFloat();
        }
        trainer.step();
    }

    private static Block resNet50() {
        return ResNetV1.builder()
                .setImageShape(new Shape(3, 224, 224))
                .setNumLayers(50)
                .setOutSize(1000)
                .build();
    }

    private static Block hybrid() {
        SequentialBlock network = new SequentialBlock()
                .add(convolution(32, 3, 2, 1))
                .add(BatchNorm.builder().build())
                .add(Activation.swishBlock(1f))
                .add(mbConv(32, 64, 2))
                .add(residual(mbConv(64, 64, 1)))
                .add(mbConv(64, 128, 2));
        for (int i = 0; i < 4; i++) {
            network.add(residual(mbConv(128, 128, 1)));
        }
        network.add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(256).build());
        network.add(new LambdaBlock(x -> {
            NDArray map = x.singletonOrThrow();
            Shape s = map.getShape();
            return new NDList(map.reshape(s.get(0), s.get(1), -1).transpose(0, 2, 1));
        }));
        for (int i = 0; i < 6; i++) {
            network.add(residual(
                    new SequentialBlock().add(LayerNorm.builder().axis(2).build()).add(attention(256, 8))));
            network.add(residual(new SequentialBlock()
                    .add(LayerNorm.builder().axis(2).build())
                    .add(Linear.builder().setUnits(1024).build())
                    .add(Activation::gelu)
                    .add(Linear.builder().setUnits(256).build())));
        }
        return network.add(LayerNorm.builder().axis(2).build())
                .add(new LambdaBlock(
                        x -> new NDList(x.singletonOrThrow().mean(new int[] {1}))))
                .add(Linear.builder().setUnits(100).build());
    }

    private static Block mbConv(int channelsIn, int channelsOut, int stride) {
        int hidden = 4 * channelsIn;
        return new SequentialBlock()
                .add(convolution(hidden, 1, 1, 1))
                .add(BatchNorm.builder().build())
                .add(Activation.swishBlock(1f))
                .add(convolution(hidden, 3, stride, hidden))
                .add(BatchNorm.builder().build())
                .add(Activation.swishBlock(1f))
                .add(convolution(channelsOut, 1, 1, 1))
                .add(BatchNorm.builder().build());
    }

    private static Block convolution(int channelsOut, int kernel, int stride, int groups) {
        return Conv2d.builder()
                .setKernelShape(new Shape(kernel, kernel))
                .optStride(new Shape(stride, stride))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optGroups(groups)
                .optBias(false)
                .setFilters(channelsOut)
                .build();
    }

    private static Block residual(Block body) {
        return new ParallelBlock(outputs -> new NDList(NDArrays.add(
                        outputs.get(0).singletonOrThrow(), outputs.get(1).singletonOrThrow())))
                .add(Blocks.identityBlock())
                .add(body);
    }

    private static Block attention(int width, int heads) {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(3L * width).build())
                .add(new LambdaBlock(x -> {
                    NDArray qkv = x.singletonOrThrow();
                    long batch = qkv.getShape().get(0);
                    long tokens = qkv.getShape().get(1);
                    int depth = width / heads;
                    NDArray split = qkv.reshape(batch, tokens, 3, heads, depth).transpose(2, 0, 3, 1, 4);
                    NDArray weights = split.get(0)
                            .matMul(split.get(1).swapAxes(2, 3))
                            .mul(Math.pow(depth, -0.5))
                            .softmax(-1);
                    return new NDList(
                            weights.matMul(split.get(2)).transpose(0, 2, 1, 3).reshape(batch, tokens, width));
                }))
                .add(Linear.builder().setUnits(width).build());
    }
}

package org.generalvision.metanet.cli;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Pass;
import org.generalvision.weights.SafetensorsFile;
import org.generalvision.weights.SafetensorsWriter;
import org.generalvision.weights.TensorInfo;
import org.generalvision.weights.TensorType;
import org.generalvision.zoo.ZooCatalog;
import org.generalvision.zoo.ZooEntry;
import org.generalvision.zoo.ZooWeights;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a network on the pictures of a file, in evaluation mode and float32. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        description = "Runs a network on the tensor 'input' [N,3,H,W] (F32) of a safetensors file and writes 'logits'.")
final class ZooForwardCommand implements Callable<Integer> {
    private static final int CHUNK = 16;
    private static final int SEED = 0;

    @Spec
    private CommandSpec spec;

    @Option(names = "--model", required = true, paramLabel = "NAME", description = "Network, see 'gv zoo list'.")
    private String model;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights (safetensors, every parameter by its name); default: random from a fixed seed.")
    private @Nullable Path weights;

    @Option(names = "--classes", paramLabel = "N", description = "Number of classes, 0 for none; default: its own.")
    private @Nullable Integer classes;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Pictures, already normalized.")
    private Path input;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "File to write.")
    private Path output;

    @Override
    public Integer call() {
        ZooEntry entry = ZooCatalog.entry(model);
        try (SafetensorsFile pictures = SafetensorsFile.open(input);
                NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
            requirePictures(pictures);
            Backbone network = network(entry, manager);
            TreeMap<String, NDArray> result = new TreeMap<>();
            result.put("logits", forward(network, pictures.read("input", manager)));
            SafetensorsWriter.write(output, result, Map.of("model", entry.name()));
        }
        return 0;
    }

    private static void requirePictures(SafetensorsFile file) {
        TensorInfo info = file.info("input");
        Shape shape = info.shape();
        boolean pictures = shape.dimension() == 4 && shape.get(1) == 3 && shape.size() > 0;
        if (info.type() != TensorType.F32 || !pictures) {
            throw new IllegalArgumentException("Tensor 'input' of " + file.path() + " must be F32 of shape (N, 3, H, W)"
                    + " with at least one pixel, but it is " + info.type() + " " + shape);
        }
    }

    private Backbone network(ZooEntry entry, NDManager manager) {
        int outputs = classes == null ? entry.classes() : classes;
        Backbone network = entry.create(outputs, entry.resolution());
        manager.getEngine().setRandomSeed(SEED);
        network.initialize(manager, DataType.FLOAT32);
        if (weights == null) {
            spec.commandLine().getErr().println("No --weights: the weights are random, drawn from seed " + SEED + ".");
            return network;
        }
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            ZooWeights.load(entry, network, file);
        }
        return network;
    }

    /** In chunks, so that memory does not grow with the number of pictures. */
    private static NDArray forward(Backbone network, NDArray pictures) {
        JniUtils.setGradMode(false);
        NDManager manager = pictures.getManager();
        long count = pictures.getShape().get(0);
        NDList chunks = new NDList();
        for (long start = 0; start < count; start += CHUNK) {
            try (NDManager step = manager.newSubManager()) {
                long end = Math.min(start + CHUNK, count);
                NDArray chunk = pictures.get(new NDIndex("{}:{}", start, end));
                chunk.attach(step);
                NDArray logits = network.forward(chunk, Pass.evaluation());
                logits.attach(manager);
                chunks.add(logits);
            }
        }
        return NDArrays.concat(chunks);
    }
}

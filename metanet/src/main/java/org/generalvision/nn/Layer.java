package org.generalvision.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A DJL block whose {@code forward} takes one array and reads like the paper.
 *
 * <p>All shapes of parameters are known at construction, so a network can be counted without being allocated. Parameters
 * and children have stable names, joined to dotted paths such as {@code stages.3.blocks.0.attention.qkv.weight}; DJL's own
 * names carry positions and never reach a file.
 */
public abstract class Layer extends AbstractBlock {
    private final Map<String, Layer> childLayers = new LinkedHashMap<>();
    private final Map<String, Parameter> ownParameters = new LinkedHashMap<>();
    private boolean frozen;

    /**
     * Applies this layer.
     *
     * @param x the input; the result belongs to its manager
     * @param pass the walk that this application is part of
     */
    public abstract NDArray forward(NDArray x, Pass pass);

    /** Adds a child under a name without dots. */
    protected final <L extends Layer> L child(String name, L layer) {
        if (childLayers.put(name, layer) != null) {
            throw new IllegalStateException("Two children are called " + name);
        }
        addChildBlock(name, layer);
        return layer;
    }

    /**
     * Takes the children of another layer under their own names, so that paths do not show whether it stands between.
     *
     * @param layer without parameters of its own
     */
    protected final void childrenOf(Layer layer) {
        if (!layer.ownParameters.isEmpty()) {
            throw new IllegalStateException("The layer has parameters of its own: " + layer.ownParameters.keySet());
        }
        layer.childLayers.forEach(this::child);
    }

    /** Adds children under the names {@code name.0}, {@code name.1} and so on. */
    protected final <L extends Layer> List<L> children(String name, List<L> layers) {
        for (int i = 0; i < layers.size(); i++) {
            child(name + "." + i, layers.get(i));
        }
        return List.copyOf(layers);
    }

    /** Adds a trainable array. */
    protected final Parameter parameter(String name, Shape shape, Initializer initializer) {
        return declare(name, shape, initializer, Parameter.Type.OTHER);
    }

    /** Adds an array that belongs to the network's state and is not trained, such as a running mean. */
    protected final Parameter buffer(String name, Shape shape, Initializer initializer) {
        return declare(name, shape, initializer, Parameter.Type.RUNNING_MEAN);
    }

    private Parameter declare(String name, Shape shape, Initializer initializer, Parameter.Type type) {
        Parameter parameter = Parameter.builder()
                .setName(name)
                .setType(type)
                .optShape(shape)
                .optInitializer(initializer)
                .optRequiresGrad(type != Parameter.Type.RUNNING_MEAN)
                .build();
        ownParameters.put(name, parameter);
        return addParameter(parameter);
    }

    /** Whether a parameter is state that is not trained. */
    public static boolean isBuffer(Parameter parameter) {
        return parameter.getType() == Parameter.Type.RUNNING_MEAN;
    }

    /** Every parameter and buffer below this layer by its dotted path, sorted by path. */
    public final SortedMap<String, Parameter> parameters() {
        SortedMap<String, Parameter> all = new TreeMap<>();
        layers().forEach((path, layer) -> layer.ownParameters.forEach((name, p) -> all.put(join(path, name), p)));
        return all;
    }

    /** This layer (under the empty path) and every layer below it, in the order of construction. */
    public final Map<String, Layer> layers() {
        Map<String, Layer> all = new LinkedHashMap<>();
        collect("", all);
        return all;
    }

    private void collect(String path, Map<String, Layer> all) {
        all.put(path, this);
        childLayers.forEach((name, layer) -> layer.collect(join(path, name), all));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /**
     * Stops (or resumes) training of everything below this layer: its parameters get no gradient and the statistics of
     * its norms no longer move.
     */
    public final void freeze(boolean freeze) {
        for (Layer layer : layers().values()) {
            layer.frozen = freeze;
            layer.ownParameters.values().stream().filter(p -> !isBuffer(p)).forEach(p -> p.freeze(freeze));
        }
    }

    /** Whether this layer has been frozen: norms then keep their statistics. */
    public final boolean isFrozen() {
        return frozen;
    }

    /** Allocates every parameter that has none yet, in the order of construction. Input shapes are not needed. */
    @Override
    public final void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        for (Layer layer : layers().values()) {
            layer.ownParameters.values().stream()
                    .filter(p -> !p.isInitialized())
                    .forEach(p -> p.initialize(manager, dataType));
        }
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        Pass pass = training ? Pass.training(Precision.FLOAT32) : Pass.evaluation();
        return new NDList(forward(inputs.singletonOrThrow(), pass));
    }

    /** The output shape of this layer, found by walking it with an array that has no storage. */
    @Override
    public final Shape[] getOutputShapes(Shape[] inputShapes) {
        throw new IllegalStateException("Output shapes are counted with Cost.of on a fresh network of "
                + getClass().getSimpleName());
    }

    /** Trainable elements of this layer without those of its children. */
    final long ownTrainableElements() {
        return ownParameters.values().stream()
                .filter(p -> !isBuffer(p))
                .mapToLong(p -> p.getShape().size())
                .sum();
    }

    /** The array of a parameter of this layer. */
    protected static NDArray array(Parameter parameter) {
        return parameter.getArray();
    }

    /** Whether a block is one of ours. */
    static boolean isLayer(Block block) {
        return block instanceof Layer;
    }
}

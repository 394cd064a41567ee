package org.generalvision.metanet;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Cost;

/**
 * Counts a network from its sizes alone, in the terms of {@link Cost}: no layer is made and the engine is not needed, so a
 * search can weigh millions of candidates. Each method stands for one block or module as its class computes it; that both
 * agree is tested on random architectures.
 */
final class SizeCount {
    private final List<Cost.Stage> stages = new ArrayList<>();
    private long parameters;
    private long macs;
    private long activations;
    private long markedParameters;
    private long markedMacs;
    private long markedActivations;

    /** Ends a stage of the network whose result has a shape. */
    void stage(String name, Shape output) {
        stages.add(new Cost.Stage(
                name, output, parameters - markedParameters, macs - markedMacs, activations - markedActivations));
        markedParameters = parameters;
        markedMacs = macs;
        markedActivations = activations;
    }

    /** All that was counted. */
    Cost cost() {
        return new Cost(
                parameters, macs, activations, stages.get(stages.size() - 1).output(), List.copyOf(stages));
    }

    /** A convolution, then a norm. */
    MapSize convNorm(MapSize map, int in, int out, int kernel, int stride) {
        MapSize result = map.strided(stride);
        conv(result, in, out, kernel, false);
        norm(out);
        return result;
    }

    /** A linear map with bias. */
    void linear(long tokens, int in, int out) {
        parameters += (long) in * out + out;
        product(tokens, in, out);
    }

    MapSize mbConv(Block b, MapSize map, boolean dense) {
        MapSize out = map.strided(b.stride());
        shortcut(b, out);
        if (b.hidden() != b.in() || b.stride() != 1) {
            norm(b.in());
            convNorm(map, b.in(), b.hidden(), 1, 1);
        }
        conv(out, dense ? b.hidden() : 1, b.hidden(), 3, false);
        norm(b.hidden());
        squeezeExcite(b);
        project(b, out, 1);
        return out;
    }

    MapSize fusedMbConv(Block b, MapSize map) {
        MapSize out = map.strided(b.stride());
        shortcut(b, out);
        boolean expands = b.hidden() != b.in();
        if (expands) {
            norm(b.in());
            convNorm(map, b.in(), b.hidden(), 3, b.stride());
        }
        squeezeExcite(b);
        project(b, out, expands ? 1 : 3);
        return out;
    }

    MapSize attention(Block b, MapSize map, Operator operator) {
        position(b, map);
        norm(b.in());
        attend(b, map, operator);
        scale(b.out());
        norm(b.in());
        mlp(map.places(), b.in(), b.hidden(), b.out());
        scale(b.out());
        return map;
    }

    MapSize attentionTransition(Block b, MapSize map, Operator operator) {
        MapSize out = map.strided(b.stride());
        position(b, map);
        norm(b.in());
        attend(b, out, operator);
        scale(b.out());
        shortcut(b, out);
        return out;
    }

    MapSize mixer(Block b, MapSize map) {
        norm(b.in());
        mixPlaces(b, map);
        scale(b.out());
        norm(b.in());
        mlp(map.places(), b.in(), b.hidden(), b.out());
        scale(b.out());
        return map;
    }

    MapSize mixerTransition(Block b, MapSize map) {
        MapSize out = map.strided(b.stride());
        conv(out, b.in(), b.in(), 1, true);
        norm(b.in());
        mixPlaces(b, map);
        norm(b.in());
        mlp(out.places(), b.in(), b.hidden(), b.out());
        conv(out, b.in(), b.out(), 1, true);
        return out;
    }

    MapSize localDownsampling(Block b, MapSize map) {
        MapSize out = map.strided(b.stride());
        stridedConvolution(b, out);
        conv(out, b.in(), b.out(), 1, true);
        return out;
    }

    MapSize localGlobalDownsampling(Block b, MapSize map) {
        stridedConvolution(b, map.strided(b.stride()));
        return attentiveDownsampling(b, map);
    }

    MapSize globalDownsampling(Block b, MapSize map) {
        MapSize out = map.strided(b.stride());
        linear(out.places(), b.stride() * b.stride() * b.in(), b.out());
        return attentiveDownsampling(b, map);
    }

    /** What follows the queries. */
    private MapSize attentiveDownsampling(Block b, MapSize map) {
        MapSize out = map.strided(b.stride());
        norm(b.out());
        norm(b.in());
        linear(map.places(), b.in(), 2 * b.out());
        products(out.places() * b.out(), map.places());
        linear(out.places(), b.out(), b.out());
        conv(out, b.in(), b.out(), 1, true);
        return out;
    }

    private void stridedConvolution(Block b, MapSize out) {
        conv(out, 1, b.in(), 3, true);
        norm(b.in());
        conv(out, b.in(), b.out(), 1, true);
    }

    private void shortcut(Block b, MapSize out) {
        if (!b.sameShape()) {
            conv(out, b.in(), b.out(), 1, true);
        }
    }

    private void squeezeExcite(Block b) {
        conv(MapSize.ONE, b.hidden(), b.squeezed(), 1, true);
        conv(MapSize.ONE, b.squeezed(), b.hidden(), 1, true);
    }

    private void project(Block b, MapSize out, int kernel) {
        conv(out, b.hidden(), b.out(), kernel, true);
        norm(b.out());
    }

    private void position(Block b, MapSize map) {
        conv(map, 1, b.in(), 3, true);
    }

    private void attend(Block b, MapSize map, Operator operator) {
        long side = operator.hasWindow() ? b.attentionWindow(map.height(), map.width()) : 0;
        long tokens = side == 0 ? map.places() : map.windows(side) * side * side;
        linear(tokens, b.in(), 3 * b.in());
        if (operator == Operator.XCA) {
            parameters += b.in() / b.headWidth();
            products(tokens * b.in(), b.headWidth());
        } else {
            products(tokens * b.in(), side == 0 ? tokens : side * side);
        }
        linear(tokens, b.in(), b.out());
    }

    private void mixPlaces(Block b, MapSize map) {
        int from = b.inputWindow() * b.inputWindow();
        mlp(map.windows(b.inputWindow()) * b.in(), from, b.hiddenPlaces(), b.window() * b.window());
    }

    private void mlp(long tokens, int in, int hidden, int out) {
        linear(tokens, in, hidden);
        linear(tokens, hidden, out);
    }

    /** A square convolution, by the size of its result and the input channels that each output channel sees. */
    private void conv(MapSize result, int seen, int out, int kernel, boolean bias) {
        int taps = seen * kernel * kernel;
        parameters += (long) taps * out + (bias ? out : 0);
        product(result.places(), taps, out);
    }

    private void product(long tokens, long in, long out) {
        macs += tokens * in * out;
        activations += tokens * out;
    }

    /** Scores and weighted sums of attention, whose result has so many elements. */
    private void products(long elements, long keys) {
        macs += 2 * elements * keys;
        activations += elements;
    }

    private void norm(int width) {
        parameters += 2L * width;
    }

    private void scale(int width) {
        parameters += width;
    }
}

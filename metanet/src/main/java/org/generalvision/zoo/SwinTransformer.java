package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Conv2d;
import org.generalvision.nn.Init;
import org.generalvision.nn.Layer;
import org.generalvision.nn.LayerNorm;
import org.generalvision.nn.Linear;
import org.generalvision.nn.Pass;
import org.generalvision.nn.TokenOps;
import org.jspecify.annotations.Nullable;

/**
 * Swin transformer (arXiv 2103.14030) with the parameter names of timm: {@code patch_embed.proj}, {@code
 * layers.1.downsample.reduction}, {@code layers.0.blocks.0.attn.qkv}, {@code norm}, {@code head.fc}. Maps that are no whole
 * windows are filled up, as torchvision does, so any picture of at least 32 pixels a side is taken. Taps {@code stride4} to
 * {@code stride32}, as (B, C, H, W).
 *
 * <p>Shapes: B batch, H and W rows and columns of the map, C channels.
 */
final class SwinTransformer extends Backbone {
    private static final int PATCH = 4;
    private static final int STRIDE = 32;

    private final Config config;
    private final Conv2d patches;
    private final LayerNorm patchNorm;
    private final List<Stage> stages = new ArrayList<>();
    private final LayerNorm norm;
    private final @Nullable Linear head;

    /**
     * @param classes number of classes, or 0 for a network that ends with the pooled feature
     */
    SwinTransformer(Config config, int classes) {
        this.config = config;
        patches = child("patch_embed.proj", TokenPyramid.patches(config.width(), PATCH));
        patchNorm = child("patch_embed.norm", new LayerNorm(config.width()));
        int number = 0;
        for (int i = 0; i < config.depths().size(); i++) {
            stages.add(child("layers." + i, new Stage(config, i, number)));
            number += config.depths().get(i);
        }
        norm = child("norm", new LayerNorm(featureWidth()));
        head = classes == 0 ? null : child("head.fc", new Linear(featureWidth(), classes));
    }

    @Override
    public int featureWidth() {
        return config.width(config.depths().size() - 1);
    }

    @Override
    public NDArray features(NDArray x, Pass pass) {
        if (x.getShape().get(2) < STRIDE || x.getShape().get(3) < STRIDE) {
            throw new IllegalArgumentException("A Swin transformer needs pictures of at least " + STRIDE + " x "
                    + STRIDE + " pixels: " + x.getShape());
        }
        NDArray h_BHWC = patches.forward(wholePatches(x), pass).transpose(0, 2, 3, 1);
        h_BHWC = pass.stage("patch_embed", patchNorm.forward(h_BHWC, pass));
        for (int i = 0; i < stages.size(); i++) {
            h_BHWC = pass.stage("layers." + i, stages.get(i).forward(h_BHWC, pass));
            pass.tap("stride" + (PATCH << i), h_BHWC.transpose(0, 3, 1, 2));
        }
        h_BHWC = norm.forward(h_BHWC, pass);
        long batch = h_BHWC.getShape().get(0);
        return pass.stage("norm", TokenOps.mean(h_BHWC.reshape(batch, -1, featureWidth())));
    }

    /** The pictures without the last rows and columns that make no whole patch. */
    private static NDArray wholePatches(NDArray x) {
        long height = x.getShape().get(2) / PATCH * PATCH;
        long width = x.getShape().get(3) / PATCH * PATCH;
        boolean whole = height == x.getShape().get(2) && width == x.getShape().get(3);
        return whole ? x : x.get(":, :, :%d, :%d".formatted(height, width));
    }

    @Override
    public NDArray forward(NDArray x, Pass pass) {
        NDArray feature = features(x, pass);
        return head == null ? feature : pass.stage("head", head.forward(feature, pass));
    }

    /**
     * Sizes of a network.
     *
     * @param width channels of the first stage; each further stage has twice as many
     * @param heads of each stage
     * @param window side of a window in places
     * @param dropPath rate of the last block; earlier ones rise to it linearly from 0
     */
    record Config(int width, List<Integer> depths, List<Integer> heads, int window, double dropPath) {
        Config {
            depths = List.copyOf(depths);
            heads = List.copyOf(heads);
        }

        int width(int stage) {
            return width << stage;
        }

        SwinBlock.Config block(int stage, int place, int number) {
            int last = depths.stream().mapToInt(Integer::intValue).sum() - 1;
            return new SwinBlock.Config(
                    width(stage),
                    heads.get(stage),
                    window,
                    place % 2 == 0 ? 0 : window / 2,
                    dropPath * (number + place) / last);
        }
    }

    /** Patch merging, except in the first stage, then blocks of which every second one shifts its windows. */
    private static final class Stage extends Layer {
        private final @Nullable LayerNorm mergeNorm;
        private final @Nullable Linear reduction;
        private final List<SwinBlock> blocks;

        Stage(Config config, int stage, int number) {
            int width = config.width(stage);
            // Four neighbors of half the width each.
            mergeNorm = stage == 0 ? null : child("downsample.norm", new LayerNorm(2 * width));
            reduction = stage == 0
                    ? null
                    : child("downsample.reduction", new Linear(2 * width, width, false, Init.truncatedNormal(0.02)));
            List<SwinBlock> all = new ArrayList<>();
            for (int i = 0; i < config.depths().get(stage); i++) {
                all.add(new SwinBlock(config.block(stage, i, number)));
            }
            blocks = children("blocks", all);
        }

        @Override
        public NDArray forward(NDArray x_BHWC, Pass pass) {
            NDArray h_BHWC = x_BHWC;
            if (mergeNorm != null && reduction != null) {
                h_BHWC = reduction.forward(mergeNorm.forward(TokenOps.mergeNeighbors(h_BHWC), pass), pass);
            }
            for (SwinBlock block : blocks) {
                h_BHWC = block.forward(h_BHWC, pass);
            }
            return h_BHWC;
        }
    }
}

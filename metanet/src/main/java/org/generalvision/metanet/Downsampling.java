package org.generalvision.metanet;

import org.generalvision.nn.Layer;
import org.jspecify.annotations.Nullable;

/**
 * How a map comes to the width and size of a stage (UniNet's down-sampling modules, arXiv 2207.05420; equations as in
 * Sense-X/UniNet). In a line each is written as its name in lower case with hyphens: {@code lg-dsm}.
 */
public enum Downsampling {
    /**
     * No module of its own, as MetaNet was released: the first block has the stride, by its convolution or by pooling before
     * attention.
     */
    IN_BLOCK {
        @Override
        @Nullable
        Layer newModule(Block block) {
            return null;
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return map;
        }
    },
    /** A strided depth-wise convolution beside max pooling. */
    L_DSM {
        @Override
        Layer newModule(Block block) {
            return new LocalDownsampling(block);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return count.localDownsampling(block, map);
        }
    },
    /** Attention of the places after L-DSM's convolution (queries) to all places before it. */
    LG_DSM {
        @Override
        boolean hasHeads() {
            return true;
        }

        @Override
        Layer newModule(Block block) {
            return AttentiveDownsampling.localGlobal(block);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return count.localGlobalDownsampling(block, map);
        }
    },
    /** As LG-DSM, but queries come from a convolution over the row of tokens, which knows no neighborhood in the map. */
    G_DSM {
        @Override
        boolean hasHeads() {
            return true;
        }

        @Override
        Layer newModule(Block block) {
            return AttentiveDownsampling.global(block);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return count.globalDownsampling(block, map);
        }
    };

    /** Whether channels are split into heads. */
    boolean hasHeads() {
        return false;
    }

    /**
     * The module, not initialized, or null if there is none.
     *
     * @param block widths, stride and heads; its expansion and window are not read
     */
    abstract @Nullable Layer newModule(Block block);

    /** Adds the module to a count and gives the size of its output map. */
    abstract MapSize count(Block block, MapSize map, SizeCount count);

    /** As it is written in a line. */
    String text() {
        return Spelled.of(this);
    }
}

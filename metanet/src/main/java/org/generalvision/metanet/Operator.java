package org.generalvision.metanet;

import org.generalvision.nn.Layer;

/**
 * What the blocks of a stage compute. All have the inverted-residual shape of width, expansion and repeats, so that any stage
 * can have any of them (UniNet, arXiv 2207.05420).
 *
 * <p>In a line each is written as its name in lower case with hyphens: {@code sa}, {@code fused-mbconv}.
 */
public enum Operator {
    /** Dense 3x3 convolution at the hidden width between two 1x1 convolutions: UniNet's Conv. */
    CONV {
        @Override
        Layer newBlock(Block block) {
            return new MbConv(block, true);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return count.mbConv(block, map, true);
        }
    },
    /** Depth-wise 3x3 convolution between two 1x1 convolutions: MetaNet's MBConv, which is UniNet's DWConv to the letter. */
    MBCONV {
        @Override
        Layer newBlock(Block block) {
            return new MbConv(block, false);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return count.mbConv(block, map, false);
        }
    },
    /** Dense 3x3 convolution to the hidden width, then a 1x1 convolution: MetaNet's FusedMBConv. */
    FUSED_MBCONV {
        @Override
        Layer newBlock(Block block) {
            return new FusedMbConv(block);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return count.fusedMbConv(block, map);
        }
    },
    /** Self-attention among all places, then an MLP. */
    SA {
        @Override
        boolean hasHeads() {
            return true;
        }
    },
    /**
     * Self-attention among the places of a window, then an MLP. UniNet publishes no more than that it is local; windows that do
     * not overlap are our choice: the depth-wise convolution that every attention block starts with carries across borders.
     */
    LSA {
        @Override
        boolean hasHeads() {
            return true;
        }

        @Override
        boolean hasWindow() {
            return true;
        }
    },
    /** Cross-covariance attention (arXiv 2106.09681): among the channels of a head, then an MLP. */
    XCA {
        @Override
        boolean hasHeads() {
            return true;
        }
    },
    /**
     * An MLP between the places of a window, then one between channels: the mixer block of MetaNet's code, whose window is the
     * whole map. Windows of a fixed size, which make the network independent of the pictures' size, are our choice.
     */
    MLP {
        @Override
        boolean hasWindow() {
            return true;
        }

        @Override
        Layer newBlock(Block block) {
            return block.sameShape() ? new MixerBlock(block) : new MixerTransition(block);
        }

        @Override
        MapSize count(Block block, MapSize map, SizeCount count) {
            return block.sameShape() ? count.mixer(block, map) : count.mixerTransition(block, map);
        }
    };

    /** Whether channels are split into heads. */
    boolean hasHeads() {
        return false;
    }

    /** Whether places are cut into windows. */
    boolean hasWindow() {
        return false;
    }

    /** A block that is not initialized. What is not overridden is attention. */
    Layer newBlock(Block block) {
        return block.sameShape() ? new AttentionBlock(block, this) : new AttentionTransition(block, this);
    }

    /**
     * Adds a block to a count.
     *
     * @param map size of the input map
     * @return size of the output map
     */
    MapSize count(Block block, MapSize map, SizeCount count) {
        return block.sameShape() ? count.attention(block, map, this) : count.attentionTransition(block, map, this);
    }

    /** As it is written in a line. */
    String text() {
        return Spelled.of(this);
    }
}

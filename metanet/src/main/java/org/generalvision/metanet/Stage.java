package org.generalvision.metanet;

/**
 * A run of blocks with one operator, behind the change of shape that leads to it.
 *
 * @param downsampling what brings the map to this stage's width and size
 * @param operator of every block
 * @param expansion hidden channels per input channel of a block, 1 to 64
 * @param stride by which the map shrinks at the beginning, 1 or 2
 * @param repeats number of blocks
 * @param channels output channels of every block
 * @param headWidth channels of an attention head, or 0 where nothing attends
 * @param window side of the windows of {@link Operator#LSA} and {@link Operator#MLP} in places, or 0 for the others
 */
public record Stage(
        Downsampling downsampling,
        Operator operator,
        int expansion,
        int stride,
        int repeats,
        int channels,
        int headWidth,
        int window) {
    private static final int MAX_EXPANSION = 64;
    private static final int MAX_REPEATS = 1000;
    private static final int MAX_WINDOW = 64;

    /** Most channels that anything may have. */
    static final int MAX_CHANNELS = 65_536;

    public Stage {
        Architecture.requireBetween("expansion", expansion, 1, MAX_EXPANSION);
        Architecture.requireBetween("stride", stride, 1, 2);
        Architecture.requireBetween("repeats", repeats, 1, MAX_REPEATS);
        Architecture.requireBetween("channels", channels, 1, MAX_CHANNELS);
        requireWhere("headWidth", headWidth, operator.hasHeads() || downsampling.hasHeads(), channels, operator);
        requireWhere("window", window, operator.hasWindow(), MAX_WINDOW, operator);
    }

    /** A stage without a module for down-sampling, heads or windows. */
    public static Stage of(Operator operator, int expansion, int stride, int repeats, int channels) {
        return new Stage(Downsampling.IN_BLOCK, operator, expansion, stride, repeats, channels, 0, 0);
    }

    public Stage withHeadWidth(int width) {
        return new Stage(downsampling, operator, expansion, stride, repeats, channels, width, window);
    }

    /** A value that a stage has if it is used there, and is 0 if not, so that one network is written in one way. */
    private static void requireWhere(String name, int value, boolean used, int most, Operator operator) {
        if (used) {
            Architecture.requireBetween(name, value, 1, most);
        } else if (value != 0) {
            throw new IllegalArgumentException("%s must be left out where nothing in the stage uses it: %d with %s"
                    .formatted(name, value, operator.text()));
        }
    }

    /** Whether the change of shape happens in the first block. */
    boolean changesInBlock() {
        return downsampling == Downsampling.IN_BLOCK;
    }

    /** Sizes of the module that leads to this stage. */
    Block module(int in) {
        return new Block(in, channels, stride, 1, headWidth, 0, 0);
    }

    /**
     * Sizes of a block.
     *
     * @param in input channels of the stage
     * @param index of the block in the stage
     */
    Block block(int in, int index, double dropPath) {
        boolean first = index == 0 && changesInBlock();
        return new Block(first ? in : channels, channels, first ? stride : 1, expansion, headWidth, window, dropPath);
    }

    /** As it stands in a line, such as {@code lg-dsm+sa_e2_s1_r4_c128_h32}. */
    @Override
    public String toString() {
        return (changesInBlock() ? "" : downsampling.text() + "+")
                + operator.text()
                + "_e%d_s%d_r%d_c%d".formatted(expansion, stride, repeats, channels)
                + (headWidth == 0 ? "" : "_h" + headWidth)
                + (window == 0 ? "" : "_w" + window);
    }
}

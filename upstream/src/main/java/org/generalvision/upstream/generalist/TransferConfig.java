package org.generalvision.upstream.generalist;

import java.util.List;

/**
 * The transfer between branches. Published are the levels 1 to 3 of four, which are the maps of strides 4, 8 and 16.
 *
 * @param strides of the levels, the finest first; each a power of two times the one before
 * @param innerNorm start of the weights of norms inside of a chain of several convolutions. The released code starts them at 0
 *     like the last one; then no gradient reaches a chain but through the bias of its last norm, and it stays so for ever. At 1
 *     the transfer is nothing at the start just as well, since the last norm's weight is 0, and the chain learns.
 */
public record TransferConfig(List<Integer> strides, double innerNorm) {
    public TransferConfig {
        strides = List.copyOf(strides);
        boolean rising = !strides.isEmpty() && strides.get(0) > 0;
        for (int i = 1; i < strides.size(); i++) {
            int before = strides.get(i - 1);
            int ratio = before > 0 ? strides.get(i) / before : 0;
            rising &= ratio > 1 && Integer.bitCount(ratio) == 1 && ratio * before == strides.get(i);
        }
        if (!rising) {
            throw new IllegalArgumentException(
                    "strides must be at least one, each a power of two times the one before: " + strides);
        }
        if (!(innerNorm >= 0 && innerNorm <= 1)) {
            throw new IllegalArgumentException("innerNorm must lie in [0, 1]: " + innerNorm);
        }
    }
}

package org.generalvision.search;

import ai.djl.ndarray.NDArray;

/**
 * The clipped objective: Schulman et al. 2017, equation 7, with a weight per candidate. All arrays are (B, T) but the weights,
 * which are (B, 1).
 *
 * @param ratio_BT probability of each choice now to that at the beginning of the round
 * @param loss scalar: -mean(weight * min(ratio A, clip(ratio, 1 - c, 1 + c) A))
 */
record PpoLoss(NDArray ratio_BT, NDArray loss) {

    /**
     * @param now_BT logarithms of the probabilities, through which the gradient goes
     * @param then_BT the same at the beginning of the round
     */
    static PpoLoss of(NDArray now_BT, NDArray then_BT, NDArray advantage_BT, NDArray weight_B1, double clip) {
        NDArray ratio_BT = now_BT.sub(then_BT).exp();
        NDArray clipped_BT = ratio_BT.clip(1 - clip, 1 + clip);
        NDArray gain_BT = ratio_BT.mul(advantage_BT).minimum(clipped_BT.mul(advantage_BT));
        return new PpoLoss(ratio_BT, gain_BT.mul(weight_B1).mean().neg());
    }
}

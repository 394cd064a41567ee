package org.generalvision.upstream.distill;

import ai.djl.ndarray.NDArray;
import org.generalvision.nn.Ops;

/** How far what a student makes is from what its teacher makes. */
public enum Distance {
    /** Mean of the absolute differences of all elements. */
    L1 {
        @Override
        public NDArray between(NDArray student, NDArray teacher) {
            return Ops.widened(student).sub(Ops.widened(teacher)).abs().mean();
        }
    },
    /** Mean of the squared differences of all elements. */
    L2 {
        @Override
        public NDArray between(NDArray student, NDArray teacher) {
            return Ops.widened(student).sub(Ops.widened(teacher)).square().mean();
        }
    },
    /** 1 minus the cosine of the two vectors along axis 1, mean over all other places; scale does not count. */
    COSINE {
        @Override
        public NDArray between(NDArray student, NDArray teacher) {
            NDArray products = Ops.normalize(student, 1).mul(Ops.normalize(teacher, 1));
            return products.sum(new int[] {1}).mean().neg().add(1);
        }
    };

    /**
     * The distance, a scalar of at least 0.
     *
     * @param student of any shape with at least two axes, of which the second is that of channels
     * @param teacher of the same shape
     */
    public abstract NDArray between(NDArray student, NDArray teacher);
}

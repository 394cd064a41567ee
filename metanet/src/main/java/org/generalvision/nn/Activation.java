package org.generalvision.nn;

import ai.djl.ndarray.NDArray;

/** The elementwise functions that networks put between their layers. */
public enum Activation {
    IDENTITY {
        @Override
        public NDArray apply(NDArray x) {
            return x;
        }
    },
    RELU {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.relu(x);
        }
    },
    /** min(max(x, 0), 6), as in MobileNetV2. */
    RELU6 {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.relu6(x);
        }
    },
    /** Gaussian error linear unit in its exact (erf) form. */
    GELU {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.gelu(x);
        }
    },
    /** x sigmoid(1.702 x), as in CLIP's released networks. */
    QUICK_GELU {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.quickGelu(x);
        }
    },
    SILU {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.silu(x);
        }
    },
    SIGMOID {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.sigmoid(x);
        }
    },
    HARD_SIGMOID {
        @Override
        public NDArray apply(NDArray x) {
            return Ops.hardSigmoid(x);
        }
    };

    public abstract NDArray apply(NDArray x);
}

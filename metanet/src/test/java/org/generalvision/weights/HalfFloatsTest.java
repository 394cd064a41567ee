package org.generalvision.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.ShortBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.generalvision.nn.Ops;
import org.junit.jupiter.api.Test;

class HalfFloatsTest {
    @Test
    void everyHalfSurvivesTheWayToFloatAndBack() {
        for (int bits = 0; bits < 65536; bits++) {
            short half = (short) bits;
            assertThat(HalfFloats.toFloat16(HalfFloats.fromFloat16(half))).isEqualTo(quiet(half, 0x7C00, 0x200));
            assertThat(HalfFloats.toBfloat16(HalfFloats.fromBfloat16(half))).isEqualTo(quiet(half, 0x7F80, 0x40));
        }
    }

    /** A signaling NaN comes back as the quiet one with the same payload. */
    private static short quiet(short half, int infinity, int quietBit) {
        return (half & 0x7FFF) > infinity ? (short) (half | quietBit) : half;
    }

    @Test
    void roundingAgreesWithTheEngine() {
        float[] values = samples();
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            NDArray array = manager.create(values);
            ShortBuffer engine =
                    array.toType(DataType.FLOAT16, true).toByteBuffer().asShortBuffer();
            float[] viaBfloat16 = Ops.toFloat32(Ops.toBfloat16(array)).toFloatArray();
            for (int i = 0; i < values.length; i++) {
                assertThat(HalfFloats.toFloat16(values[i])).as("%s", values[i]).isEqualTo(engine.get(i));
                assertThat(HalfFloats.fromBfloat16(HalfFloats.toBfloat16(values[i])))
                        .as("%s", values[i])
                        .isEqualTo(viaBfloat16[i]);
            }
        }
    }

    private static float[] samples() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        float[] values = new float[20_000];
        for (int i = 0; i < values.length; i++) {
            int exponent = random.nextInt(100, 150); // 2^-27 to 2^22: subnormal halves to beyond the largest
            values[i] =
                    Float.intBitsToFloat((random.nextInt(2) << 31) | (exponent << 23) | (random.nextInt() & 0x7FFFFF));
        }
        float[] ties = {65504f, 65519.99f, 65520f, 65536f, 0x1p-25f, 0x1.8p-25f, 0x1p-14f, 1 + 0x1p-11f, 1 + 0x3p-11f};
        System.arraycopy(ties, 0, values, 0, ties.length);
        values[ties.length] = -0f;
        values[ties.length + 1] = Float.POSITIVE_INFINITY;
        return values;
    }
}

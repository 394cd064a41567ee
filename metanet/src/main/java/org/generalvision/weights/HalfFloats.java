package org.generalvision.weights;

/** The two 16-bit floating formats in plain Java, since the engine's own conversion of bfloat16 ends the process. */
final class HalfFloats {
    private HalfFloats() {}

    /** bfloat16 is the upper half of a float32. */
    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to the nearest bfloat16, ties to even; a NaN stays a NaN. */
    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40); // keeps the sign and payload, and never becomes an infinity
        }
        int roundToEven = 0x7FFF + ((bits >>> 16) & 1);
        return (short) ((bits + roundToEven) >>> 16);
    }

    /** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
    static float fromFloat16(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1F;
        int fraction = half & 0x3FF;
        if (exponent == 0) { // zero or subnormal: fraction * 2^-24
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wideExponent = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (wideExponent << 23) | (fraction << 13));
    }

    /** Rounds to the nearest binary16, ties to even; beyond 65504 becomes infinite. */
    static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7FFFFFFF;
        if (magnitude > 0x7F800000) {
            return (short) (sign | 0x7E00 | ((magnitude >>> 13) & 0x3FF));
        }
        if (magnitude >= 0x47800000) { // 65536 and above, infinity included
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x38800000) { // below 2^-14: adding 0.5 lets the float unit round at 2^-24, ties to even
            float shifted = Float.intBitsToFloat(magnitude) + 0.5f;
            return (short) (sign | (Float.floatToRawIntBits(shifted) - 0x3F000000));
        }
        int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
        return (short) (sign | ((rounded - (112 << 23)) >>> 13));
    }
}

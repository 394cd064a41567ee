package org.generalvision.data.label;

import java.util.Arrays;

/** An array of numbers that grows. */
final class Numbers {
    private int[] values = new int[16];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    int[] ints() {
        return Arrays.copyOf(values, size);
    }

    byte[] bytes() {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}

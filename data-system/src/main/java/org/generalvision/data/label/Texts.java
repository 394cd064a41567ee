package org.generalvision.data.label;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Many texts in one block of UTF-8: a tenth of the objects that as many strings are, and nothing to copy when it is read. */
final class Texts {
    private final byte[] bytes;
    /** Where each text begins, and one past the last byte. */
    private final int[] offsets;

    /** Takes both arrays. */
    Texts(byte[] bytes, int[] offsets) {
        Lists.checkStarts(offsets, bytes.length);
        this.bytes = bytes;
        this.offsets = offsets;
    }

    int size() {
        return offsets.length - 1;
    }

    String get(int row) {
        return new String(bytes, offsets[row], offsets[row + 1] - offsets[row], StandardCharsets.UTF_8);
    }

    /** The bytes of a text. */
    byte[] utf8(int row) {
        return Arrays.copyOfRange(bytes, offsets[row], offsets[row + 1]);
    }

    /** Whether a text has these bytes. */
    boolean is(int row, byte[] utf8) {
        return Arrays.equals(bytes, offsets[row], offsets[row + 1], utf8, 0, utf8.length);
    }

    /** Whether a text has a key. Most names are written as their keys are, and those are compared where they lie. */
    boolean hasNameKey(int row, byte[] key) {
        return is(row, key) || Arrays.equals(nameKey(row), key);
    }

    /** The text reduced to what names are compared by. */
    byte[] nameKey(int row) {
        return NameKey.of(bytes, offsets[row], offsets[row + 1]);
    }

    /** Collects texts. */
    static final class Builder {
        private byte[] bytes = new byte[1 << 12];
        private int[] offsets = new int[1 << 8];
        private int size;

        void add(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            int end = Math.addExact(offsets[size], utf8.length);
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, grown(bytes.length)));
            }
            System.arraycopy(utf8, 0, bytes, offsets[size], utf8.length);
            size++;
            if (size == offsets.length) {
                offsets = Arrays.copyOf(offsets, grown(size));
            }
            offsets[size] = end;
        }

        Texts build() {
            return new Texts(Arrays.copyOf(bytes, offsets[size]), Arrays.copyOf(offsets, size + 1));
        }

        private static int grown(int length) {
            return (int) Math.min(2L * length, Integer.MAX_VALUE - 8);
        }
    }
}

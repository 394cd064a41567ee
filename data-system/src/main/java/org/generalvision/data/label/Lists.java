package org.generalvision.data.label;

import java.util.Arrays;

/**
 * A list of numbers for each row, all in one array.
 *
 * @param starts where each row's list begins, and one past the last
 * @param values all lists, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // Held inside the package, and never compared.
record Lists(int[] starts, int[] values) {
    Lists {
        checkStarts(starts, values.length);
    }

    int size() {
        return starts.length - 1;
    }

    int length(int row) {
        return starts[row + 1] - starts[row];
    }

    int[] get(int row) {
        return Arrays.copyOfRange(values, starts[row], starts[row + 1]);
    }

    /**
     * For each value the rows that hold it, in ascending order.
     *
     * @param numValues values are below it
     */
    Lists inverse(int numValues) {
        int[] begin = new int[numValues + 1];
        for (int value : values) {
            begin[value + 1]++;
        }
        for (int i = 0; i < numValues; i++) {
            begin[i + 1] += begin[i];
        }
        int[] next = begin.clone();
        int[] rows = new int[values.length];
        for (int row = 0; row < size(); row++) {
            for (int k = starts[row]; k < starts[row + 1]; k++) {
                rows[next[values[k]]++] = row;
            }
        }
        return new Lists(begin, rows);
    }

    /** The rule of every array of starts: it ascends from 0 to the number of values. */
    static void checkStarts(int[] starts, int numValues) {
        if (starts.length == 0 || starts[0] != 0 || starts[starts.length - 1] != numValues) {
            throw new IllegalArgumentException("the starts of lists do not go from 0 to " + numValues);
        }
        for (int i = 1; i < starts.length; i++) {
            if (starts[i] < starts[i - 1]) {
                throw new IllegalArgumentException(
                        "a list ends at %d before it begins at %d".formatted(starts[i], starts[i - 1]));
            }
        }
    }
}

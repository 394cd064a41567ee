package org.generalvision.data.curate;

import java.util.Arrays;
import java.util.function.Consumer;

/** Groups of numbers that grow together (union-find with halved paths; the lowest number leads its group). */
final class Groups {
    private final int[] parent;

    /** Each number from 0 to size - 1 in a group of its own. */
    Groups(int size) {
        parent = new int[size];
        Arrays.setAll(parent, i -> i);
    }

    void join(int a, int b) {
        int first = leader(a);
        int second = leader(b);
        parent[Math.max(first, second)] = Math.min(first, second);
    }

    int leader(int number) {
        int at = number;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    /** Hands over the members, ascending, of each group with more than one, in the order of their leaders. */
    void forEach(Consumer<int[]> consumer) {
        int[] sizes = new int[parent.length];
        for (int i = 0; i < parent.length; i++) {
            sizes[leader(i)]++;
        }
        // Members of larger groups, group by group: a counting sort by leader.
        int[] next = new int[parent.length];
        int total = 0;
        for (int i = 0; i < parent.length; i++) {
            next[i] = total;
            total += sizes[i] > 1 ? sizes[i] : 0;
        }
        int[] members = new int[total];
        for (int i = 0; i < parent.length; i++) {
            int leader = leader(i);
            if (sizes[leader] > 1) {
                members[next[leader]++] = i;
            }
        }
        for (int from = 0; from < total; ) {
            int size = sizes[leader(members[from])];
            consumer.accept(Arrays.copyOfRange(members, from, from + size));
            from += size;
        }
    }
}

package org.generalvision.data.curate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What goes of groups of duplicates. */
final class Duplicates {
    private Duplicates() {}

    /** Whether two are duplicates of each other. */
    interface Test {
        boolean test(int a, int b);
    }

    /**
     * Pairs of what goes and what stays in its stead, by what goes. Of a group the best stays, and so does each further one that
     * is no duplicate of one that stays: a chain of small changes does not take away what its ends show.
     *
     * @param best what stays comes first
     */
    static List<int[]> in(Groups groups, Comparator<Integer> best, Test duplicate) {
        List<int[]> removals = new ArrayList<>();
        groups.forEach(members -> {
            int[] ranked = IntStream.of(members)
                    .boxed()
                    .sorted(best)
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] kept = new int[ranked.length];
            int numKept = 0;
            for (int member : ranked) {
                int twin = twin(member, kept, numKept, duplicate);
                if (twin < 0) {
                    kept[numKept++] = member;
                } else {
                    removals.add(new int[] {member, twin});
                }
            }
        });
        removals.sort(Comparator.comparingInt(pair -> pair[0]));
        return removals;
    }

    private static int twin(int member, int[] kept, int numKept, Test duplicate) {
        for (int i = 0; i < numKept; i++) {
            if (duplicate.test(member, kept[i])) {
                return kept[i];
            }
        }
        return -1;
    }
}

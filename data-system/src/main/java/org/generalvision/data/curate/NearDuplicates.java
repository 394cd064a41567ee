package org.generalvision.data.curate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.generalvision.data.example.Example;

/**
 * Removes images that look the same as another one, by their {@link PerceptualHash}. Images within the distance of each other
 * are joined into groups. Of a group the best stays: the largest, of those the one with most annotations, of those the first;
 * and so does each further one that is not within the distance of one that stays, so that a chain of small changes does not
 * take away what its ends show. Images that cannot be read are left alone.
 *
 * <p>Holds about 60 bytes for each example, so 100 million examples take a heap of 6 GB.
 *
 * @param distance bits in which the hashes of near-duplicates may differ
 */
public record NearDuplicates(int distance) {
    public NearDuplicates {
        HammingIndex.requireDistance(distance);
    }

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, Runnable progress) {
        int size = requireCountable(step.source().size());
        long[] hashes = new long[size];
        int[] examples = new int[size];
        int[] pixels = new int[size];
        int[] annotations = new int[size];
        int[] readable = {0};
        new Scan<>(step.source(), Scan.threads(), ImageTraits.reader()).run((index, traits) -> {
            if (traits.readable()) {
                int at = readable[0]++;
                hashes[at] = traits.hash();
                examples[at] = (int) index;
                pixels[at] = traits.pixels();
                annotations[at] = traits.annotations();
            }
            progress.run();
        });
        Comparator<Integer> best = Comparator.<Integer>comparingInt(at -> -pixels[at])
                .thenComparingInt(at -> -annotations[at])
                .thenComparingInt(at -> at);
        List<int[]> removed = removals(Arrays.copyOf(hashes, readable[0]), distance, best);
        for (int[] pair : removed) {
            Example kept = step.source().get(examples[pair[1]]);
            step.remove(
                    examples[pair[0]],
                    step.source().get(examples[pair[0]]).id(),
                    "looks the same",
                    Map.of(
                            "kept", kept.id(),
                            "keptIndex", step.source().shardIndex(examples[pair[1]]),
                            "distance", PerceptualHash.distance(hashes[pair[0]], hashes[pair[1]])));
        }
    }

    static int requireCountable(long size) {
        if (size > 1 << 30) {
            throw new IllegalArgumentException(
                    "Near-duplicates are looked for among at most %d examples, here are %d: split the directory"
                            .formatted(1 << 30, size));
        }
        return (int) size;
    }

    /**
     * Pairs of what goes and what it is a duplicate of, by what goes.
     *
     * @param best what stays comes first
     */
    static List<int[]> removals(long[] hashes, int distance, Comparator<Integer> best) {
        return Duplicates.in(
                groups(hashes, distance), best, (a, b) -> PerceptualHash.distance(hashes[a], hashes[b]) <= distance);
    }

    /** Equal hashes are joined by sorting: comparing them with each other would take the square of their number. */
    private static Groups groups(long[] hashes, int distance) {
        long[] distinct = LongStream.of(hashes).sorted().distinct().toArray();
        int[] first = new int[distinct.length];
        Arrays.fill(first, -1);
        Groups groups = new Groups(hashes.length);
        for (int i = 0; i < hashes.length; i++) {
            int place = Arrays.binarySearch(distinct, hashes[i]);
            if (first[place] < 0) {
                first[place] = i;
            } else {
                groups.join(first[place], i);
            }
        }
        new HammingIndex(distinct).pairsWithin(distance, (a, b) -> groups.join(first[a], first[b]));
        return groups;
    }
}

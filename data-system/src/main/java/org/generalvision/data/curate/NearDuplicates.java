package org.generalvision.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.generalvision.data.example.ExampleSource;

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
    /** Positions are ints, and arrays of them grow. */
    public static final int MAX_EXAMPLES = 1 << 30;

    public NearDuplicates {
        HammingIndex.requireDistance(distance);
    }

    /** Examines what the step sees; {@code progress} runs once for each example. */
    public void run(CurationStep step, CurationEngine engine, Runnable progress) {
        ReadImages images =
                ReadImages.of(step.source().size(), sink -> engine.scan(step, ImageTraits.LOOK, sink), progress);
        Comparator<Integer> best = Comparator.<Integer>comparingInt(at -> -images.pixels[at])
                .thenComparingInt(at -> -images.annotations[at])
                .thenComparingInt(at -> at);
        for (int[] pair : removals(images.hashes, distance, best)) {
            int gone = images.examples[pair[0]];
            int stays = images.examples[pair[1]];
            step.remove(
                    gone,
                    step.source().get(gone).id(),
                    "looks the same",
                    Map.of(
                            "kept", step.source().get(stays).id(),
                            "keptIndex", step.source().shardIndex(stays),
                            "distance", PerceptualHash.distance(images.hashes[pair[0]], images.hashes[pair[1]])));
        }
    }

    /**
     * All groups of images that look the same, each with the indices of its examples, ascending; {@code progress} runs once for each
     * example.
     */
    public List<int[]> groups(ExampleSource source, Runnable progress) {
        Scan<byte[]> scan = new Scan<>(source, Scan.threads(), ImageTraits.LOOK::worker);
        ReadImages images = ReadImages.of(source.size(), scan::run, progress);
        List<int[]> found = new ArrayList<>();
        groups(images.hashes, distance)
                .forEach(group -> found.add(
                        IntStream.of(group).map(at -> images.examples[at]).toArray()));
        return found;
    }

    /** What is to be known of the images that can be read, in the order of their examples. */
    private static final class ReadImages {
        private final long[] hashes;
        private final int[] examples;
        private final int[] pixels;
        private final int[] annotations;

        private ReadImages(long[] hashes, int[] examples, int[] pixels, int[] annotations) {
            this.hashes = hashes;
            this.examples = examples;
            this.pixels = pixels;
            this.annotations = annotations;
        }

        static ReadImages of(long examples, Consumer<Scan.Sink<byte[]>> scan, Runnable progress) {
            int size = requireCountable(examples);
            ReadImages all = new ReadImages(new long[size], new int[size], new int[size], new int[size]);
            int[] count = {0};
            scan.accept((index, find) -> {
                if (find.length > 0) {
                    ImageTraits traits = ImageTraits.of(find);
                    int at = count[0]++;
                    all.hashes[at] = traits.hash();
                    all.examples[at] = (int) index;
                    all.pixels[at] = traits.pixels();
                    all.annotations[at] = traits.annotations();
                }
                progress.run();
            });
            return new ReadImages(Arrays.copyOf(all.hashes, count[0]), all.examples, all.pixels, all.annotations);
        }
    }

    static int requireCountable(long size) {
        if (size > MAX_EXAMPLES) {
            throw new IllegalArgumentException(
                    "Near-duplicates are looked for among at most %d examples, here are %d: split the directory"
                            .formatted(MAX_EXAMPLES, size));
        }
        return (int) size;
    }

    /**
     * Pairs of what goes and what it is a duplicate of, by what goes.
     *
     * @param best what stays comes first
     */
    public static List<int[]> removals(long[] hashes, int distance, Comparator<Integer> best) {
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

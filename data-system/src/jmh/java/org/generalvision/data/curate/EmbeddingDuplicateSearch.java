package org.generalvision.data.curate;

import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;

/**
 * Near-duplicate search over synthetic embeddings, of which one in ten is a slight change of another one. Arguments: number of
 * embeddings (default 600,000), their width (default 64), and {@code exact} to compare all pairs as well. Prints seconds on
 * the clock and of the processor, all threads together, the heap in use afterwards, and how many of the duplicates of the exact comparison were found.
 */
public final class EmbeddingDuplicateSearch {
    private static final double SIMILARITY = 0.95;

    private EmbeddingDuplicateSearch() {}

    public static void main(String[] args) {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 600_000;
        int width = args.length > 1 ? Integer.parseInt(args[1]) : 64;
        float[][] vectors = embeddings(count, width);
        BitSet found = removals("graph", vectors, NeighborGraph::groups);
        if (args.length > 2 && args[2].equals("exact")) {
            BitSet all = removals("all pairs", vectors, AllPairs::groups);
            BitSet both = (BitSet) all.clone();
            both.and(found);
            System.out.printf(
                    Locale.ROOT, "recall %.4f%n", both.cardinality() / (double) Math.max(1, all.cardinality()));
        }
    }

    private interface Search {
        Groups groups(float[][] vectors, double similarity);
    }

    private static BitSet removals(String name, float[][] vectors, Search search) {
        long begin = System.nanoTime();
        Duration processor = processor();
        Groups groups = search.groups(vectors, SIMILARITY);
        List<int[]> pairs = Duplicates.in(
                groups,
                Comparator.naturalOrder(),
                (a, b) -> Vectors.dot(vectors[a], vectors[b]) >= SIMILARITY - 1e-6);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double processorSeconds = processor().minus(processor).toMillis() / 1e3;
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "%s: %,d embeddings of width %d: %.1f s on the clock, %.1f s of the processor, %,d duplicates, heap %,d MiB of at most %,d%n",
                name,
                vectors.length,
                vectors[0].length,
                seconds,
                processorSeconds,
                pairs.size(),
                (runtime.totalMemory() - runtime.freeMemory()) >> 20,
                runtime.maxMemory() >> 20);
        BitSet removed = new BitSet();
        pairs.forEach(pair -> removed.set(pair[0]));
        return removed;
    }

    private static Duration processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /** Clusters of about a hundred around random centers, as a trained tower makes them; cosines within one are near 0.8. */
    private static float[][] embeddings(int count, int width) {
        RandomGenerator random = RandomStream.of(1, 0, count, "embeddings");
        float[][] centers = new float[Math.max(1, count / 100)][width];
        for (float[] center : centers) {
            add(center, 1, random);
        }
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            if (i % 10 == 9) {
                vectors[i] = vectors[random.nextInt(i)].clone();
                add(vectors[i], 0.3 * random.nextDouble() / Math.sqrt(width), random);
            } else {
                vectors[i] = centers[random.nextInt(centers.length)].clone();
                add(vectors[i], 0.5, random);
            }
            Vectors.normalize(vectors[i]);
        }
        return vectors;
    }

    private static void add(float[] vector, double deviation, RandomGenerator random) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (deviation * random.nextGaussian());
        }
    }
}

package org.generalvision.data.curate;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;

/**
 * Near-duplicate search over synthetic perceptual hashes, one in ten of them a slight change of another one. Arguments: number
 * of hashes (default 1,000,000), then distances (default 0 4 8 10). Prints seconds on the clock and of the processor.
 */
public final class NearDuplicateSearch {
    private NearDuplicateSearch() {}

    public static void main(String[] args) {
        int count = args.length == 0 ? 1_000_000 : Integer.parseInt(args[0]);
        long[] hashes = hashes(count);
        NearDuplicates.removals(hashes(20_000), 8, Comparator.naturalOrder()); // to warm up
        for (int i = 1; i < Math.max(args.length, 5); i++) {
            int distance = args.length > 1 ? Integer.parseInt(args[Math.min(i, args.length - 1)]) : (i - 1) * 10 / 3;
            long begin = System.nanoTime();
            long processor = processorNanos();
            int removed = NearDuplicates.removals(hashes, distance, Comparator.naturalOrder()).size();
            System.out.printf(
                    Locale.ROOT,
                    "%,d hashes, distance %2d: %.2f s on the clock, %.2f s of the processor, %d near-duplicates%n",
                    count,
                    distance,
                    (System.nanoTime() - begin) / 1e9,
                    (processorNanos() - processor) / 1e9,
                    removed);
        }
    }

    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long[] hashes(int count) {
        RandomGenerator random = RandomStream.of(1, 0, count, "hashes");
        long[] hashes = new long[count];
        for (int i = 0; i < count; i++) {
            hashes[i] = random.nextLong();
            if (i % 10 == 9) {
                hashes[i] = hashes[random.nextInt(i)];
                for (int flips = random.nextInt(11); flips > 0; flips--) {
                    hashes[i] ^= 1L << random.nextInt(64);
                }
            }
        }
        return hashes;
    }
}

package org.generalvision.data.load;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * The loader against bare OpenCV on a machine that is not quiet: rounds of both in turn, in processor time of the threads that
 * do the work, so that what other processes take does not count. Prints images per second of one core, and the median and
 * range of the ratio. Photos as in {@link LoaderBenchmark}; the only argument is the number of rounds, 20 if not given.
 */
public final class LoaderRatio {
    private static final int BATCHES_PER_ROUND = 4;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private LoaderRatio() {}

    public static void main(String[] args) throws IOException {
        int numRounds = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        LoaderBenchmark benchmark = new LoaderBenchmark();
        benchmark.open();
        List<IntSupplier> variants =
                List.of(benchmark::bareDecodeAndResize, benchmark::loader, benchmark::loaderOfStrongView);
        List<String> names = List.of("bare decode + resize", "loader", "loader, strong view");
        List<List<Double>> rates = new ArrayList<>();
        List<List<Double>> ratios = new ArrayList<>();
        variants.forEach(variant -> {
            rates.add(new ArrayList<>());
            ratios.add(new ArrayList<>());
        });
        for (int round = -3; round < numRounds; round++) { // three to warm up
            double bare = 0;
            for (int i = 0; i < variants.size(); i++) {
                double rate = imagesPerProcessorSecond(variants.get(i));
                bare = i == 0 ? rate : bare;
                if (round >= 0) {
                    rates.get(i).add(rate);
                    ratios.get(i).add(rate / bare);
                }
            }
        }
        benchmark.close();
        for (int i = 0; i < variants.size(); i++) {
            System.out.printf(
                    "%-22s %7.1f images/s per core, ratio %.2f [%.2f, %.2f]%n",
                    names.get(i),
                    quantile(rates.get(i), 0.5),
                    quantile(ratios.get(i), 0.5),
                    quantile(ratios.get(i), 0.1),
                    quantile(ratios.get(i), 0.9));
        }
    }

    private static double imagesPerProcessorSecond(IntSupplier variant) {
        long begin = processorNanos();
        int images = 0;
        for (int i = 0; i < BATCHES_PER_ROUND; i++) {
            images += variant.getAsInt();
        }
        // Prefetched batches are made in this round as well, in exchange for those that were ready when it began.
        awaitIdleWorkers();
        return images * 1e9 / (processorNanos() - begin);
    }

    private static void awaitIdleWorkers() {
        while (workersAndThis().stream()
                .anyMatch(thread -> isWorker(thread) && thread.getThreadState() != Thread.State.WAITING)) {
            Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(1));
        }
    }

    private static long processorNanos() {
        return workersAndThis().stream()
                .mapToLong(thread -> THREADS.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    private static List<ThreadInfo> workersAndThis() {
        return Stream.of(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread ->
                        isWorker(thread) || thread.getThreadId() == Thread.currentThread().getId())
                .toList();
    }

    private static boolean isWorker(ThreadInfo thread) {
        return thread.getThreadName().startsWith("loader-");
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }
}

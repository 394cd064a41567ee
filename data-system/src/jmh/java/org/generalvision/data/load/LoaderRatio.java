package org.generalvision.data.load;

import com.google.common.base.Splitter;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The loader against bare OpenCV on a machine that is not quiet: rounds of both in turn, in processor time of the threads that
 * do the work, so that what other processes take does not count. Prints images per second of one core, and the median and
 * range of the ratio to the first line. The loader reads the photos from memory, and then from shards, from a view of them and
 * from a mixture of two views. Photos as in {@link LoaderBenchmark}; the only argument is the number of rounds, 20 if
 * not given. With the system property {@code torchvision}, the Python that has it, torchvision's pipeline takes its turn in
 * every round as well; the property {@code photos} must then name the folder.
 */
public final class LoaderRatio {
    private static final int BATCHES_PER_ROUND = 4;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private LoaderRatio() {}

    public static void main(String[] args) throws IOException {
        int numRounds = args.length == 0 ? 20 : Integer.parseInt(args[0]);
        LoaderBenchmark benchmark = new LoaderBenchmark();
        benchmark.open();
        ShardLoaders shards = benchmark.shardLoaders();
        List<String> names = new ArrayList<>(List.of(
                "bare decode + resize",
                "loader",
                "loader, strong view",
                "loader, shards",
                "loader, view",
                "loader, mixture"));
        List<DoubleSupplier> variants = new ArrayList<>(List.of(
                () -> imagesPerProcessorSecond(benchmark::bareDecodeAndResize),
                () -> imagesPerProcessorSecond(benchmark::loader),
                () -> imagesPerProcessorSecond(benchmark::loaderOfStrongView),
                () -> imagesPerProcessorSecond(shards::shards),
                () -> imagesPerProcessorSecond(shards::view),
                () -> imagesPerProcessorSecond(shards::mixture)));
        String python = System.getProperty("torchvision");
        if (python != null) {
            names.add("torchvision");
            variants.add(() -> torchvision(python, Objects.requireNonNull(System.getProperty("photos"), "photos")));
        }
        List<List<Double>> rates = new ArrayList<>();
        List<List<Double>> ratios = new ArrayList<>();
        variants.forEach(variant -> {
            rates.add(new ArrayList<>());
            ratios.add(new ArrayList<>());
        });
        for (int round = -3; round < numRounds; round++) { // three to warm up
            double bare = 0;
            for (int i = 0; i < variants.size(); i++) {
                double rate = variants.get(i).getAsDouble();
                bare = i == 0 ? rate : bare;
                if (round >= 0) {
                    rates.get(i).add(rate);
                    ratios.get(i).add(rate / bare);
                }
            }
        }
        benchmark.close();
        shards.close();
        for (int i = 0; i < variants.size(); i++) {
            print(names.get(i), rates.get(i), ratios.get(i));
        }
        print("view / shards", rates.get(4), quotients(rates.get(4), rates.get(3)));
        print("mixture / shards", rates.get(5), quotients(rates.get(5), rates.get(3)));
        if (python != null) {
            print("loader / torchvision", rates.get(1), quotients(rates.get(1), rates.get(6)));
            print("mixture / torchvision", rates.get(5), quotients(rates.get(5), rates.get(6)));
        }
    }

    private static void print(String name, List<Double> rates, List<Double> ratios) {
        System.out.printf(
                "%-22s %7.1f images/s per core, ratio %.2f [%.2f, %.2f]%n",
                name, quantile(rates, 0.5), quantile(ratios, 0.5), quantile(ratios, 0.1), quantile(ratios, 0.9));
    }

    private static List<Double> quotients(List<Double> numerators, List<Double> denominators) {
        return IntStream.range(0, numerators.size())
                .mapToObj(i -> numerators.get(i) / denominators.get(i))
                .toList();
    }

    /** A process of its own for each turn: its first batches warm it up and are not counted. */
    private static double torchvision(String python, String photos) {
        try {
            Process process = new ProcessBuilder(
                            python, "data-system/src/jmh/python/torchvision_loader.py", photos, "0.5")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() == 0) {
                return Double.parseDouble(Splitter.on(' ').splitToList(line).get(1));
            }
            throw new IllegalStateException("torchvision's turn failed: " + line);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start " + python + " from the top of the repository", e);
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

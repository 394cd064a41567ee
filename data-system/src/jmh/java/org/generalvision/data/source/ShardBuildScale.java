package org.generalvision.data.source;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardWriter;

/**
 * Builds shards of synthetic records, of 600 random bytes for an image each, and prints what it took: records a second of
 * processor time (the garbage collector's and the compiler's included) and the peaks of memory. Each size wants a process of
 * its own, because peaks are a process's. Arguments: the number of records, and a folder for the shards, which are removed.
 */
public final class ShardBuildScale {
    private static final int IMAGE_BYTES = 600;
    private static final int CAPTIONS = 1000;

    private ShardBuildScale() {}

    private record Synthetic(long size) implements CollectionSource {
        @Override
        public Iterator<Candidate> iterator() {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(1);
            return LongStream.range(0, size)
                    .mapToObj(number -> candidate(number, random))
                    .iterator();
        }

        private static Candidate candidate(long number, RandomGenerator random) {
            byte[] image = new byte[IMAGE_BYTES];
            random.nextBytes(image);
            return new Candidate.Accepted(
                    Example.builder("folder/" + number + ".png", ByteBuffer.wrap(image), "synthetic", "CC0-1.0")
                            .captions(List.of(
                                    new Example.Caption("a picture of noise, kind " + number % CAPTIONS, "en")))
                            .labels(List.of("noise"))
                            .build());
        }
    }

    public static void main(String[] arguments) throws IOException {
        long records = Long.parseLong(arguments[0]);
        Path folder = Files.createTempDirectory(Path.of(arguments[1]), "shard-build");
        try {
            long start = System.nanoTime();
            ShardBuild build = new ShardBuild(
                    new Synthetic(records), folder.resolve("shards"), ShardWriter.DEFAULT_SHARD_BYTES);
            long bytes = build.run(() -> {}).manifest().bytes();
            report(records, bytes, (System.nanoTime() - start) / 1e9);
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static void report(long records, long bytes, double seconds) throws IOException {
        long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(peak -> peak.getUsed())
                .sum();
        double processor =
                ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                                .getProcessCpuTime()
                        / 1e9;
        String resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElse("VmHWM: unknown")
                .replaceAll("\\s+", " ");
        System.out.printf(
                Locale.ROOT,
                "%,d records, %,d bytes: %.0f records/s of processor time, %.0f records/s, heap peak %d MiB, %s%n",
                records,
                bytes,
                records / processor,
                records / seconds,
                heap >> 20,
                resident);
    }
}

package org.generalvision.data.curate;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardWriter;

/**
 * Peak memory of exact deduplication over synthetic records, one in five of them a copy. The only argument is the number of
 * records. Run it with a small heap ({@code -Xmx256m -XX:+UseSerialGC}) for several numbers: that it ends at all shows the bound.
 */
public final class ExactDuplicatesMemory {
    private ExactDuplicatesMemory() {}

    public static void main(String[] args) throws IOException {
        int count = Integer.parseInt(args[0]);
        Path folder = Files.createTempDirectory("gv-exact-duplicates");
        try {
            Path directory = write(folder.resolve("shards"), count);
            pools().forEach(MemoryPoolMXBean::resetPeakUsage);
            long begin = System.nanoTime();
            try (CurationStep step = CurationStep.begin(directory, "exact-duplicates", Map.of(), false)) {
                new ExactDuplicates(ExactDuplicates.Content.bytes).run(step, CurationEngine.oneProcess(), () -> {});
                CurationStep.Outcome outcome = step.finish();
                System.out.printf(
                        Locale.ROOT,
                        "%,d records: %.1f s, %,d removed, peak heap %d MB (garbage included), peak resident set %s%n",
                        count,
                        (System.nanoTime() - begin) / 1e9,
                        outcome.removed(),
                        pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() >> 20,
                        residentPeak());
            }
        } finally {
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static Path write(Path directory, int count) {
        try (ShardWriter writer = ShardWriter.create(directory, 64L << 20)) {
            for (int i = 0; i < count; i++) {
                int content = i % 5 == 4 ? i / 2 : i;
                ByteBuffer image = ByteBuffer.allocate(64).putInt(content % 5 == 4 ? content - 1 : content).rewind();
                writer.add(Example.builder("e" + i, image, "made-up", "MIT").build());
            }
            writer.finish();
        }
        return directory;
    }

    private static List<MemoryPoolMXBean> pools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    /** Linux only; mapped shards count as far as they are in memory, though the system may drop them at any time. */
    private static String residentPeak() throws IOException {
        Path status = Path.of("/proc/self/status");
        return !Files.exists(status)
                ? "unknown"
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .map(line -> line.substring(6).strip())
                        .findFirst()
                        .orElse("unknown");
    }
}

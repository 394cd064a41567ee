package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LeakTest {
    private static final int STEPS = 300;
    private static final int WARM = 100;
    private static final long TOLERANCE = 24L << 20;

    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ ");
    private static final Pattern RESIDENT = Pattern.compile("Rss: +([0-9]+) kB");
    private static final long HEAP_END = 1L << 35;

    @TempDir
    Path folder;

    @Test
    @EnabledOnOs(OS.LINUX)
    void liveArraysAndNativeMemoryAreFlatOverThreeHundredSteps() {
        TreeMap<Long, Long> live = new TreeMap<>();
        TreeMap<Long, Long> nativeBytes = new TreeMap<>();
        try (NDManager manager = ComputeDevice.open("cpu");
                RunDirectory run = Toy.directory(folder)) {
            NDManager root = manager.getParentManager();
            TrainLoop loop = new TrainLoop(
                    Toy.config(STEPS, 50),
                    List.of(new Toy.Method(manager)),
                    new Toy.Source(4),
                    run,
                    Evaluation.none(),
                    Toy.watching(step -> {
                        if (step % 50 == 0) {
                            live.put(step, count(root));
                            nativeBytes.put(step, nativeBytes());
                        }
                    }));
            loop.run();
        }
        assertThat(live.tailMap((long) WARM).values())
                .as("live arrays by step: %s", live)
                .containsOnly(Objects.requireNonNull(live.get((long) STEPS)));
        long rise = nativeBytes.tailMap((long) WARM + 1).values().stream()
                        .mapToLong(b -> b)
                        .max()
                        .orElseThrow()
                - nativeBytes.headMap((long) WARM + 1).values().stream()
                        .mapToLong(b -> b)
                        .max()
                        .orElseThrow();
        assertThat(rise)
                .as("bytes outside of the heap by step: %s", nativeBytes)
                .isLessThan(TOLERANCE);
    }

    /** Arrays below a manager, those of its sub-managers too. */
    private static long count(NDManager root) {
        long count = 0;
        Deque<NDManager> managers = new ArrayDeque<>(List.of(root));
        while (!managers.isEmpty()) {
            for (NDResource resource : managers.pop().getManagedArrays()) {
                if (resource instanceof NDManager manager) {
                    managers.push(manager);
                } else {
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * Resident memory without the Java heap, whose pages become resident as it is first used. The heap is told by its place: with compressed references, which every heap this
     * small has, it lies below 32 GB, and class data and all that is native above.
     */
    private static long nativeBytes() {
        long heap = 0;
        long outside = 0;
        boolean isHeap = false;
        for (String line : smaps()) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher resident = RESIDENT.matcher(line);
            if (mapping.lookingAt()) {
                isHeap = Long.parseUnsignedLong(mapping.group(1), 16) < HEAP_END;
            } else if (resident.matches()) {
                long bytes = 1024 * Long.parseLong(resident.group(1));
                heap += isHeap ? bytes : 0;
                outside += isHeap ? 0 : bytes;
            }
        }
        assertThat(heap).as("resident heap").isPositive();
        return outside;
    }

    private static List<String> smaps() {
        try {
            return Files.readAllLines(Path.of("/proc/self/smaps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeakTest {
    private static final int STEPS = 300;
    private static final int WARM = 100;
    private static final long TOLERANCE = 24L << 20;

    @TempDir
    Path folder;

    /** Memory that the heap has once used stays resident, so it grows until the first collection without any leak. */
    private long touchedHeap;

    @Test
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
                        Runtime runtime = Runtime.getRuntime();
                        touchedHeap = Math.max(touchedHeap, runtime.totalMemory() - runtime.freeMemory());
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

    /** Resident memory without the part of the Java heap that has ever been used. */
    private long nativeBytes() {
        return Pace.residentBytes() - touchedHeap;
    }
}

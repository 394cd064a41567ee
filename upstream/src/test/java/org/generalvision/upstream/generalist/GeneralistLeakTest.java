package org.generalvision.upstream.generalist;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The smallest network there is, so that three hundred steps take seconds; every tenth step is logged, and so measured by tasks.
 * Boxes, masks and pixels take longer, so that fewer steps are made with them, and arrays alone are counted.
 */
class GeneralistLeakTest {
    private static final long STEPS = 300;
    private static final long WARM = 100;
    private static final long TOLERANCE = 24L << 20;
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-[0-9a-f]+ ");
    private static final Pattern RESIDENT = Pattern.compile("Rss: +([0-9]+) kB");

    /** With compressed references the Java heap lies below, and all that is native above. */
    private static final long HEAP_END = 1L << 35;

    private static final String TINY = "model.image=stem_c4 fused-mbconv_e1_s1_r1_c4 fused-mbconv_e1_s2_r1_c4"
            + " fused-mbconv_e1_s2_r1_c8 fused-mbconv_e1_s2_r1_c8 fused-mbconv_e1_s2_r1_c8 head_c8";

    private static final String BRANCHES = """
            branches:
              - {name: image, dataSets: [classes], initializeFrom: null, expertHeads: {}}
              - {name: pixel, dataSets: [depth], initializeFrom: null, expertHeads: {}}
            transfer: {strides: [4, 8, 16], innerNorm: 1}
            """;

    private static final long STEPS_OF_ALL = 16;
    private static final long WARM_OF_ALL = 4;

    private static final String STUDENT = """
            kind: distill
            %s
            distillation:
              teacher: %s
              otherTeachers: []
              features:
                - {place: stride8, distance: cosine, weight: 1}
                - {place: pooled, distance: l2, weight: 1}
              classes: {weight: 1, temperature: 2}
              pixels: {weight: 1, temperature: 1}
              depth: {weight: 1, distance: l1}
              pyramid: {weight: 1, distance: l2}
              labels: {classification: 1, detection: 1, segmentation: 0.5, depth: 1}
            """;

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @ValueSource(strings = {"soft", "hard"})
    void liveArraysAndNativeMemoryAreFlatOverThreeHundredSteps(String sharing) {
        Path data = Squares.write(folder.resolve("data"));
        Recipe recipe = Squares.quickRecipe(
                        "kind: generalist-" + sharing + "\n" + Squares.MODEL + (sharing.equals("soft") ? BRANCHES : "")
                                + "balance: {kind: uncertainty}\ngates: []\n",
                        data)
                .with(List.of(TINY, "loader.batchSize=2", "train.steps=" + STEPS, "train.logEvery=10"));
        TreeMap<Long, Long> live = new TreeMap<>();
        TreeMap<Long, Long> nativeBytes = new TreeMap<>();
        try (NDManager any = NDManager.newBaseManager()) {
            NDManager root = any.getParentManager();
            Squares.run(recipe, folder.resolve("run"), Origin.scratch(), new Squares.Watch() {
                @Override
                public void step(Report report) {
                    if (report.step() % 50 == 0) {
                        live.put(report.step(), count(root));
                        nativeBytes.put(report.step(), nativeBytes());
                    }
                }
            });
        }
        assertThat(live.tailMap(WARM).values())
                .as("live arrays by step: %s", live)
                .containsOnly(Objects.requireNonNull(live.get(STEPS)));
        long rise = Collections.max(nativeBytes.tailMap(WARM + 1).values())
                - Collections.max(nativeBytes.headMap(WARM + 1).values());
        assertThat(rise)
                .as("bytes outside of the heap by step: %s", nativeBytes)
                .isLessThan(TOLERANCE);
    }

    /** What detectors kept of a step would differ from step to step, since they find now more and now fewer objects. */
    @Test
    void liveArraysAreFlatInAGeneralistOfEveryTaskAndInItsStudent() {
        Path data = Squares.write(folder.resolve("data"));
        Path teacher = folder.resolve("generalist");
        requireFlat(Squares.hard(data), teacher);
        requireFlat(Squares.recipe(STUDENT.formatted(Squares.MODEL.strip(), teacher), data), folder.resolve("student"));
    }

    private static void requireFlat(Recipe recipe, Path run) {
        TreeMap<Long, Long> live = new TreeMap<>();
        try (NDManager any = NDManager.newBaseManager()) {
            NDManager root = any.getParentManager();
            List<String> few = List.of(TINY, "loader.batchSize=2", "train.steps=" + STEPS_OF_ALL, "train.logEvery=4");
            Squares.run(recipe.with(few), run, Origin.scratch(), new Squares.Watch() {
                @Override
                public void step(Report report) {
                    live.put(report.step(), count(root));
                }
            });
        }
        assertThat(live).hasSize((int) STEPS_OF_ALL);
        assertThat(live.tailMap(WARM_OF_ALL).values())
                .as("live arrays by step in %s: %s", run.getFileName(), live)
                .containsOnly(Objects.requireNonNull(live.get(STEPS_OF_ALL)));
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

    private static long nativeBytes() {
        long outside = 0;
        boolean isHeap = false;
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                Matcher mapping = MAPPING.matcher(line);
                Matcher resident = RESIDENT.matcher(line);
                if (mapping.lookingAt()) {
                    isHeap = Long.parseUnsignedLong(mapping.group(1), 16) < HEAP_END;
                } else if (resident.matches() && !isHeap) {
                    outside += 1024 * Long.parseLong(resident.group(1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return outside;
    }
}

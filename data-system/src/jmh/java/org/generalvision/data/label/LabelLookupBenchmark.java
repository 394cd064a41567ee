package org.generalvision.data.label;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Look-ups in a made-up label system of the published size, 304,048 concepts in a graph 18 deep with up to two parents, each with
 * a name and a synonym in English, a name in Chinese and two descriptions. One operation is one look-up; {@code load} is the
 * load of the whole system from its file, page cache warm.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx1g"})
public class LabelLookupBenchmark {
    private static final int CONCEPTS = 304_048;
    private static final int PROBES = 1 << 16;

    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final String[] ids = new String[PROBES];
    private final String[] names = new String[PROBES];
    private final String[] synonyms = new String[PROBES];
    private final int[] concepts = new int[PROBES];
    private Path folder = Path.of("");
    private int next;

    @SuppressWarnings("NullAway.Init") // JMH calls the setup before any benchmark.
    private LabelDirectory directory;

    @SuppressWarnings("NullAway.Init") // JMH calls the setup before any benchmark.
    private LabelSystem labels;

    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("label-lookup");
        List<Concept> all = new ArrayList<>();
        for (int i = 0; i < CONCEPTS; i++) {
            all.add(concept(i));
        }
        directory = LabelDirectory.create(folder.resolve("labels"), LabelSystem.of(all), Morphology.REGULAR, "made up");
        labels = directory.load();
        for (int i = 0; i < PROBES; i++) {
            concepts[i] = random.nextInt(CONCEPTS);
            ids[i] = id(concepts[i]);
            names[i] = "Concept_Number " + concepts[i];
            synonyms[i] = "another name of " + concepts[i];
        }
    }

    private Concept concept(int i) {
        List<String> parents = new ArrayList<>();
        if (i > 0) {
            parents.add(id((i - 1) / 2));
            int other = (i - 1) / 2 - 1;
            if (other >= 0 && random.nextInt(4) == 0) {
                parents.add(id(other));
            }
        }
        return new Concept(
                id(i),
                i % 5 < 2 ? Kind.OBJECT : Kind.NON_VISUAL,
                parents,
                List.of(
                        new Concept.Name("concept number " + i, "en"),
                        new Concept.Name("another name of " + i, "en"),
                        new Concept.Name("\u6982\u5ff5 " + i, "zh")),
                List.of(
                        new Concept.Description("what somebody wrote in a sentence about the concept " + i, "en"),
                        new Concept.Description("\u6709\u4eba\u5199\u7684\u4e00\u53e5\u8bdd " + i, "zh")),
                "");
    }

    private static String id(int number) {
        return "n%08d".formatted(number);
    }

    private int probe() {
        next = (next + 1) & (PROBES - 1);
        return next;
    }

    @Benchmark
    public int byId() {
        return labels.find(ids[probe()]).orElse(-1);
    }

    @Benchmark
    public int[] byName() {
        return labels.senses(names[probe()]);
    }

    @Benchmark
    public int[] bySynonym() {
        return labels.senses(synonyms[probe()]);
    }

    @Benchmark
    public int[] ancestors() {
        return labels.ancestors(concepts[probe()]);
    }

    @Benchmark
    public boolean isAncestor() {
        return labels.isAncestor(concepts[probe()], concepts[probe()]);
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    @Fork(
            value = 3,
            jvmArgs = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx1g"})
    public LabelSystem load() {
        return directory.load();
    }

    @TearDown
    public void delete() throws IOException {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}

package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.weights.SafetensorsWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GvTest {
    private final NDManager manager = NDManager.newBaseManager();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void close() {
        manager.close();
    }

    private static Outcome gv(String... arguments) {
        return Outcome.of(arguments);
    }

    private String write(String name, NDArray features, NDArray labels) {
        Path file = folder.resolve(name);
        SafetensorsWriter.write(file, new TreeMap<>(Map.of("features", features, "labels", labels)), Map.of());
        return file.toString();
    }

    private String write(String name, float[] features, int width, long... labels) {
        return write(name, manager.create(features, new Shape(features.length / width, width)), manager.create(labels));
    }

    private String good() {
        return write("good.safetensors", new float[] {0, 1, 1, 0, 0, 2, 2, 0}, 2, 0, 1, 0, 1);
    }

    private static void assertRefused(Outcome outcome, String... says) {
        outcome.assertRefused(says);
    }

    private Outcome probe(String train, String test, String... more) {
        String[] first = {"bench", "probe", "--train", train, "--test", test};
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return gv(all);
    }

    @Test
    void aPlanOfAnImpossibleSizeIsRefused() {
        assertRefused(gv("data", "plan", "--records", "0"), "records must lie in 1..1000000000000: 0");
        assertRefused(gv("data", "plan", "--costs", folder.resolve("none.yaml").toString()), "none.yaml", "--measure");
    }

    @Test
    void aProbePrintsOneJsonDocument() throws IOException {
        Outcome outcome = probe(good(), good(), "--c", "1.0", "--json");
        assertThat(outcome.status()).isZero();
        JsonNode report = new ObjectMapper().readTree(outcome.out());
        assertThat(report.get("accuracy").asDouble()).isEqualTo(1);
        assertThat(report.get("meanPerClass").asDouble()).isEqualTo(1);
        // By symmetry W = w (-1 1; 1 -1) / 2 and b = 0, so the loss is that of one number w, found here by a scan.
        double best = Double.POSITIVE_INFINITY;
        for (double w = 0; w < 5; w += 1e-4) {
            best = Math.min(best, 2 * Math.log1p(Math.exp(-w)) + 2 * Math.log1p(Math.exp(-2 * w)) + 0.5 * w * w);
        }
        assertThat(report.get("objective").asDouble()).isCloseTo(best, within(1e-7));
    }

    @Test
    void aProbeRefusesFeaturesThatAreNoNumbers() {
        String bad = write("bad.safetensors", new float[] {0, 1, Float.NaN, 0}, 2, 0, 1);
        assertRefused(probe(bad, good()), "bad.safetensors", "row 1, column 0", "NaN");
    }

    @Test
    void aProbeRefusesOtherNumberFormats() {
        String bad = write(
                "bad.safetensors",
                manager.create(new double[] {0, 1, 1, 0}, new Shape(2, 2)),
                manager.create(new long[] {0, 1}));
        assertRefused(probe(bad, good()), "bad.safetensors", "features must be F32", "F64");
        String labels = write(
                "labels.safetensors",
                manager.create(new float[] {0, 1, 1, 0}, new Shape(2, 2)),
                manager.create(new int[] {0, 1}));
        assertRefused(probe(labels, good()), "labels must be I64", "I32");
    }

    @Test
    void aProbeRefusesShapesThatDoNotFit() {
        String threeWide = write("wide.safetensors", new float[] {0, 1, 2, 1, 0, 2}, 3, 0, 1);
        assertRefused(probe(good(), threeWide), "2 features per row", "3");
        String fewLabels = write("few.safetensors", new float[] {0, 1, 1, 0}, 2, 0);
        assertRefused(probe(fewLabels, good()), "few.safetensors", "2 rows", "1 labels");
        String empty = write("empty.safetensors", manager.zeros(new Shape(0, 2)), manager.create(new long[0]));
        assertRefused(probe(empty, good()), "empty.safetensors", "no features");
    }

    @Test
    void aProbeRefusesLabelsThatMakeNoSense() {
        String negative = write("negative.safetensors", new float[] {0, 1, 1, 0}, 2, 0, -1);
        assertRefused(probe(negative, good()), "negative.safetensors", "label 1 is -1");
        String oneClass = write("one.safetensors", new float[] {0, 1, 1, 0}, 2, 3, 3);
        assertRefused(probe(oneClass, good()), "label 3", "at least two classes");
        String unseen = write("unseen.safetensors", new float[] {0, 1, 1, 0}, 2, 0, 7);
        assertRefused(probe(good(), unseen), "Test label 7", "training");
    }

    @Test
    void aProbeRefusesDamagedAndMissingFiles() throws IOException {
        byte[] whole = Files.readAllBytes(Path.of(good()));
        Path cut = folder.resolve("cut.safetensors");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 3));
        assertRefused(probe(cut.toString(), good()), "cut.safetensors");
        assertRefused(probe(folder.resolve("none.safetensors").toString(), good()), "no such file", "none.safetensors");
        assertRefused(probe(good(), good(), "--c", "-2"), "C must be positive", "-2");
    }

    @Test
    void badUsageNamesTheCommandThatHelps() {
        Outcome unknown = gv("benhc");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("benhc", "bench");
        Outcome missing = gv("bench", "probe");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).contains("--train", "gv bench probe --help");
        assertThat(gv("recipe").status()).isEqualTo(2);
    }

    @Test
    void recipesAreListedAndPrintedWithOverrides() throws IOException {
        JsonNode names =
                new ObjectMapper().readTree(gv("recipe", "list", "--json").out());
        assertThat(names).extracting(JsonNode::asText).contains("amateur-desk");
        Outcome printed = gv("recipe", "print", "amateur-desk", "train.steps=7");
        assertThat(printed.status()).isZero();
        assertThat(printed.out()).contains("steps: 7");
        assertRefused(gv("recipe", "print", "amateur-desc"), "amateur-desc", "amateur-desk");
        assertRefused(gv("recipe", "print", "amateur-desk", "train.stepz=7"), "train.stepz", "steps");
    }

    @Test
    void aHealthyMachineHasExitStatusZero() throws IOException {
        Outcome outcome = gv("doctor", "--json");
        JsonNode report = new ObjectMapper().readTree(outcome.out());
        assertThat(report.get("checks"))
                .extracting(check -> check.get("name").asText())
                .contains("java", "heap", "memory", "disk", "engine", "threads", "devices", "cache");
        assertThat(outcome.status()).isEqualTo(report.get("healthy").asBoolean() ? 0 : 1);
    }

    @Test
    void everyIllnessHasARemedy() {
        assertThat(Diagnosis.java(11, "/opt/jdk"))
                .matches(d -> !d.ok() && d.remedy().contains("JDK 17"));
        assertThat(Diagnosis.heap(100 << 20)).matches(d -> !d.ok() && d.remedy().contains("GV_HEAP"));
        assertThat(Diagnosis.memory(1L << 30, 700L << 20))
                .matches(d -> !d.ok() && d.remedy().contains("too little memory"));
        assertThat(Diagnosis.memory(4L << 30, 3500L << 20))
                .matches(d -> !d.ok() && d.remedy().contains("set GV_HEAP to 3072m or less"));
        assertThat(Diagnosis.memory(4L << 30, 2L << 30)).matches(Diagnosis::ok);
        assertThat(Diagnosis.modules(false)).matches(d -> !d.ok() && d.remedy().contains("--add-opens"));
        assertThat(Diagnosis.cache(Path.of("/proc/none/cache")))
                .matches(d -> !d.ok() && d.remedy().contains("GV_CACHE"));
        assertThat(Diagnosis.heap(2L << 30)).matches(d -> d.ok() && d.remedy().isEmpty());
    }

    @Test
    void aProofOfResumeRefusesTooFewRounds() {
        assertRefused(gv("verify-resume", "amateur-desk", "--rounds", "4"), "--rounds", "at least 5", "4");
        assertRefused(gv("verify-resume", "amateur-desk", "--steps", "6"), "--steps", "10", "6");
        assertRefused(gv("verify-resume", "amateur-desk", "--out", folder.toString()), "exists already");
        assertRefused(gv("verify-resume", "no-such-recipe"), "no-such-recipe");
    }
}

package org.generalvision.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.generalvision.data.source.BuildOrder;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.Naming;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.source.ShardTask;
import org.generalvision.data.source.SourceConfig;
import org.generalvision.data.spark.SparkEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds on Spark against a build by one process, file by file. Needs what the profile's package phase makes. */
class SparkBuildIT {
    private static final int ARCHIVES = 4;
    private static final int IMAGES = 150;
    private static final long SHARD_BYTES = 12_000;

    @TempDir
    static Path folder = Path.of("");

    private static Path expected = Path.of("");

    private static BuildOrder order() {
        SourceConfig source = new SourceConfig.Webdataset(
                folder.resolve("tars"), new Naming("tars", Naming.NO_ASSERTION, List.of()));
        return new BuildOrder(source, false, SHARD_BYTES, 0.5, 0);
    }

    /** Archives with images, captions, and samples that cannot be used. */
    @BeforeAll
    static void buildWithOneProcess() throws IOException {
        Random random = new Random(1);
        for (int archive = 0; archive < ARCHIVES; archive++) {
            Path tar = Files.createDirectories(folder.resolve("tars")).resolve("part-%d.tar".formatted(archive));
            try (OutputStream output = Files.newOutputStream(tar);
                    TarArchiveOutputStream packed = new TarArchiveOutputStream(output)) {
                for (int i = 0; i < IMAGES; i++) {
                    put(packed, "%04d.png".formatted(i), png(8 + i % 20, random));
                    put(packed, "%04d.txt".formatted(i), ("caption " + i).getBytes(StandardCharsets.UTF_8));
                    if (i % 40 == 7) {
                        put(packed, "%04d-x.txt".formatted(i), "no image".getBytes(StandardCharsets.UTF_8));
                    }
                }
            }
        }
        expected = folder.resolve("expected");
        try (CollectionSource source = order().open()) {
            new ShardBuild(source, expected, SHARD_BYTES).run(() -> {});
        }
        assertThat(names(expected)).hasSizeGreaterThan(10).contains("rejected.jsonl");
    }

    private static byte[] png(int side, Random random) throws IOException {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        image.setRGB(0, 0, side, side, random.ints((long) side * side).toArray(), 0, side);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static void put(TarArchiveOutputStream archive, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        archive.putArchiveEntry(entry);
        archive.write(bytes);
        archive.closeArchiveEntry();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    private static void assertAsExpected(Path out) throws IOException {
        assertThat(names(out)).isEqualTo(names(expected));
        for (String name : names(expected)) {
            assertThat(out.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
        }
    }

    private static List<String> arguments(Path out) {
        return List.of(
                "build",
                "--engine=spark",
                "--from=webdataset",
                "--source=" + folder.resolve("tars"),
                "--out=" + out,
                "--shard-bytes=" + SHARD_BYTES,
                "--max-rejected=0.5");
    }

    private static SparkProcess spark() {
        return SparkProcess.find(Map.of("GV_SPARK", "target/spark"));
    }

    private static int run(ProcessBuilder builder, Path log) throws Exception {
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    @Test
    void twoExecutorsYieldTheBytesOfOneProcess() throws Exception {
        Path out = folder.resolve("cluster");
        Path log = folder.resolve("cluster.log");
        int status = run(spark().builder(arguments(out), "local-cluster[2,1,1024]"), log);
        assertThat(status).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log)).contains("examples in");
        assertAsExpected(out);
    }

    /** The first attempt of each task dies after its work, and before Spark knows of it; one dies in the middle of it as well. */
    @Test
    void tasksThatFailAreTriedAgain() throws IOException {
        Path out = folder.resolve("failing");
        SparkConf settings = new SparkConf()
                .setMaster("local[2,4]")
                .setAppName("failing tasks")
                .set("spark.ui.enabled", "false");
        try (JavaSparkContext context = new JavaSparkContext(settings)) {
            new SparkEngine(context, SparkBuildIT::failFirst).build(order(), out);
        }
        assertAsExpected(out);
    }

    private static String failFirst(String text) throws IOException {
        ShardTask task = ShardTask.parse(text);
        int attempt = TaskContext.get().attemptNumber();
        if (attempt == 0 && TaskContext.getPartitionId() == 1) {
            Path half = Files.createDirectories(task.partial().resolve(".attempt-half"));
            Files.writeString(half.resolve("00001.arrow"), "half a shard");
            throw new IOException("planted, in the middle");
        }
        String written = task.run().text();
        if (attempt == 0) {
            throw new IOException("planted, at the end");
        }
        return written;
    }

    /** Killed after its first shards, and run again by spark-submit. */
    @Test
    void aJobThatIsKilledIsRunAgain() throws Exception {
        Path out = folder.resolve("killed");
        Path partial = folder.resolve("killed.partial");
        Process process = spark().builder(arguments(out), "local[1]")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed.log").toFile())
                .start();
        while (process.isAlive() && !hasShard(partial)) {
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        assertThat(partial).exists();
        assertThat(out).doesNotExist();
        Path log = folder.resolve("submit.log");
        int status = run(submit(out), log);
        assertThat(status).as(Files.readString(log)).isZero();
        assertAsExpected(out);
    }

    private static boolean hasShard(Path partial) throws IOException {
        return Files.exists(partial) && names(partial).stream().anyMatch(name -> name.endsWith(".arrow"));
    }

    /** What the script spark-submit starts. */
    private static ProcessBuilder submit(Path out) throws IOException {
        Path jars = Path.of("target/spark/jars").toAbsolutePath();
        String own = names(jars).stream()
                .filter(name -> name.matches("data-system-.*-spark\\.jar"))
                .findFirst()
                .orElseThrow();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-cp",
                jars + File.separator + "*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--class",
                "org.generalvision.data.spark.cli.SparkMain",
                jars.resolve(own).toString()));
        command.addAll(arguments(out));
        return new ProcessBuilder(command);
    }

    @Test
    void badInputEndsWithStatusTwo() throws Exception {
        Path log = folder.resolve("bad.log");
        Path out = folder.resolve("strict");
        List<String> strict = new ArrayList<>(arguments(out));
        strict.set(6, "--max-rejected=0.001");
        assertThat(run(spark().builder(strict, "local[2]"), log)).isEqualTo(2);
        assertThat(Files.readString(log)).contains("items are rejected", "--max-rejected");
        assertThat(out).doesNotExist();
        assertThat(folder.resolve("strict.partial")).doesNotExist();
    }
}

package org.generalvision.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
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
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Curation on Spark against curation by one process, list by list. Needs what the profile's package phase makes. */
class SparkCurationIT {
    private static final int DRAWN = 150;

    @TempDir
    private Path folder = Path.of("");

    /** Images of which some come again: as the same bytes, as the same pixels in another file, and a little changed. */
    @BeforeEach
    void write() throws IOException {
        Random random = new Random(3);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < DRAWN; i++) {
            BufferedImage image = drawn(random);
            examples.add(example("drawn-" + i, bytes(image, "png"), i % 9 == 0 ? "x" : "a picture of thing " + i));
            if (i % 5 == 0) {
                examples.add(example("same-" + i, bytes(image, "png"), "here once more"));
            }
            if (i % 7 == 0) {
                examples.add(example("other-file-" + i, bytes(opaque(image), "png"), "of the same pixels"));
            }
            if (i % 11 == 0) {
                image.setRGB(3, 3, 0x808080);
                examples.add(example("near-" + i, bytes(image, "png"), "nearly again"));
            }
        }
        examples.add(example("broken", "no image".getBytes(StandardCharsets.UTF_8), "cannot be read"));
        examples.add(example("broken-too", "no image either".getBytes(StandardCharsets.UTF_8), "cannot be read"));
        for (String name : List.of("one", "spark")) {
            try (ShardWriter writer = ShardWriter.create(folder.resolve(name), 40_000)) {
                examples.forEach(writer::add);
                writer.finish();
            }
        }
    }

    private static BufferedImage drawn(Random random) {
        BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y += 8) {
            for (int x = 0; x < image.getWidth(); x += 8) {
                int color = random.nextInt(1 << 24);
                for (int at = 0; at < 64; at++) {
                    image.setRGB(x + at % 8, y + at / 8, color);
                }
            }
        }
        return image;
    }

    /** The same pixels, with a channel that says so. */
    private static BufferedImage opaque(BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
        copy.createGraphics().drawImage(image, 0, 0, null);
        return copy;
    }

    private static byte[] bytes(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, format, bytes);
        return bytes.toByteArray();
    }

    private static Example example(String id, byte[] image, String caption) {
        return Example.builder(id, ByteBuffer.wrap(image), "test", "CC0-1.0")
                .captions(List.of(new Example.Caption(caption, "en")))
                .build();
    }

    private void curate(String name, String... arguments) {
        CommandLine line = new CommandLine(new DataCommand());
        StringWriter told = new StringWriter();
        line.setOut(new PrintWriter(told));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(1, folder.resolve(name).toString());
        assertThat(line.execute(all.toArray(String[]::new))).as(told.toString()).isZero();
    }

    private int curateOnSpark(Path log, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of(folder.resolve("spark").toString(), "--engine=spark"));
        Process process = SparkProcess.find(Map.of("GV_SPARK", "target/spark"))
                .builder(all, "local-cluster[2,1,1024]")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private List<Path> lists(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name).resolve("curation"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        }
    }

    /** The steps come one after another, so that executors have to see what the earlier ones removed. */
    @ParameterizedTest
    @ValueSource(strings = {"dedupe --by=bytes", "dedupe --by=pixels", "dedupe --by=look", "gate --against=", "captions"})
    void twoExecutorsRemoveWhatOneProcessRemoves(String step) throws Exception {
        Path log = folder.resolve("spark.log");
        List<String> arguments = new ArrayList<>(List.of(step.split(" ", -1)));
        if (step.startsWith("gate")) {
            arguments.set(1, "--against=" + hashes());
        }
        List<String> captions = List.of("captions", "--min-words=2");
        for (List<String> each : List.of(captions, arguments)) {
            String[] array = each.toArray(String[]::new);
            curate("one", array);
            assertThat(curateOnSpark(log, array)).as(Files.readString(log)).isZero();
        }
        assertThat(lists("one")).hasSize(step.equals("captions") ? 1 : 2);
        assertThat(lists("spark")).hasSameSizeAs(lists("one"));
        for (int i = 0; i < lists("one").size(); i++) {
            assertThat(lists("spark").get(i)).hasSameBinaryContentAs(lists("one").get(i));
        }
    }

    /** Of the third and the sixth example. */
    private Path hashes() throws IOException {
        Path all = folder.resolve("all.jsonl");
        CommandLine line = new CommandLine(new DataCommand());
        assertThat(line.execute("hashes", folder.resolve("one").toString(), "--out=" + all))
                .isZero();
        List<String> lines = Files.readAllLines(all);
        return Files.write(folder.resolve("known.jsonl"), List.of(lines.get(2), lines.get(5)));
    }

    @Test
    void whatFailsOnAnExecutorIsToldAndLeavesNothing() throws Exception {
        Path shard = folder.resolve("spark").resolve("00001.arrow");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 1;
        Files.write(shard, bytes);
        Path log = folder.resolve("damaged.log");
        assertThat(curateOnSpark(log, "dedupe")).as(Files.readString(log)).isEqualTo(2);
        assertThat(Files.readString(log)).contains("00001.arrow", "copy it again");
        assertThat(lists("spark")).isEmpty();
        assertThat(curateOnSpark(log, "dedupe", "--by=look", "--distance=70")).isEqualTo(2);
    }
}

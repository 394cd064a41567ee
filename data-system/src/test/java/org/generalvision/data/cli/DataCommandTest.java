package org.generalvision.data.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.shard.ShardWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DataCommandTest {
    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();

    @Test
    void aBuiltDirectoryIsInspectedAndChecked() throws Exception {
        idx(12);
        assertThat(run(build("--classes", classes("zero", "one", "two")))).isZero();
        assertThat(output.toString()).contains("12 examples in 1 shards");

        JsonNode shown = json("inspect", folder.resolve("out").toString(), "--json");
        assertThat(shown.at("/manifest/examples").asInt()).isEqualTo(12);
        assertThat(shown.at("/manifest/licences/MIT").asInt()).isEqualTo(12);
        assertThat(shown.at("/content/labels/one").asInt()).isEqualTo(4);
        assertThat(shown.at("/content/captions/count").asInt()).isZero();
        assertThat(shown.at("/hash").asText()).hasSize(64);

        assertThat(run("check", folder.resolve("out").toString(), "--classes", classes("zero", "one", "two")))
                .isZero();
        assertThat(output.toString()).contains("12 examples, 0 errors, 0 warnings");
        assertThat(run("check", folder.resolve("out").toString(), "--classes", classes("one", "two")))
                .isEqualTo(2);
        assertThat(output.toString()).contains("unknown-class", "'zero' is none of the 2 classes");
    }

    @Test
    void whatWasBuiltIsToldAsJsonAlone() throws Exception {
        idx(12);
        String[] arguments = build("--json");
        JsonNode told = json(arguments);
        assertThat(told.at("/manifest/examples").asInt()).isEqualTo(12);
        assertThat(told.at("/rejected").asInt()).isZero();
        assertThat(told.at("/leftOut").isObject()).isTrue();
    }

    @Test
    void sparkIsAskedForWhereItIsNotBuilt() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkProcess.find(Map.of("GV_SPARK", folder.toString())))
                .withMessageContainingAll(folder.toString(), "mvn -q -Pspark -pl data-system -DskipTests package");
        idx(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(build("--master=local[2]")))
                .withMessageContaining("--engine spark");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        run("build", "--engine=spark", "--from=scenes", "--source=x", "--out=" + folder.resolve("out")))
                .withMessageContaining("--engine local");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("dedupe", "--engine=spark", "--by=meaning", "--features=f", folder.toString()))
                .withMessageContaining("leave out --engine spark");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("captions", "--master=local[2]", folder.toString()))
                .withMessageContaining("--engine spark");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void inspectionForPeopleNamesLabelsByFrequency() throws Exception {
        idx(7);
        run(build());
        run("inspect", folder.resolve("out").toString());
        assertThat(output.toString()).containsSubsequence("licences: {MIT=7}", "3  0", "2  1", "2  2");
    }

    @Test
    void aDirectoryThatIsBuiltIsLeftAloneAndNotOverwrittenByAnother() throws Exception {
        idx(3);
        run(build());
        assertThat(run(build())).isZero();
        assertThat(output.toString()).contains("was built before from the same items: nothing is changed");
        String[] changed = build("--classes", classes("zero", "one", "two"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(changed))
                .withMessageContainingAll(
                        "is not what an earlier build wrote", "the source or an argument has changed");
    }

    @Test
    void whatAFormatNeedsIsAskedFor() throws Exception {
        idx(3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("build", "--from=idx", "--source=" + folder, "--out=" + folder.resolve("out")))
                .withMessageContaining("needs --split");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("build", "--from=idx", "--out=" + folder.resolve("out")))
                .withMessageContaining("--source");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aFewUnusableImagesAreNamedAndManyStopTheBuild() throws Exception {
        idx(1);
        run(build());
        byte[] png = new byte[png().remaining()];
        png().get(png);
        Path classes = Files.createDirectories(folder.resolve("images/thing"));
        Files.write(classes.resolve("good.png"), png);
        Files.write(classes.resolve("bad.png"), new byte[3]);
        String[] arguments = {
            "build", "--from=folder", "--source=" + classes.getParent(), "--out=" + folder.resolve("f")
        };
        assertThat(run(arguments)).isZero();
        assertThat(output.toString()).contains("rejected: 1 (reasons in");
        assertThat(Files.readString(folder.resolve("f/rejected.jsonl"))).contains("thing/bad.png");
        try (ShardReader reader = ShardReader.open(folder.resolve("f"))) {
            assertThat(reader.get(0).licence()).isEqualTo("NOASSERTION");
            assertThat(reader.get(0).source()).isEqualTo("images");
        }
        arguments[3] = "--out=" + folder.resolve("g");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Stream.concat(Stream.of(arguments), Stream.of("--max-rejected=0.4"))
                        .toArray(String[]::new)))
                .withMessageContaining("1 of 2 items are rejected");
        assertThat(folder.resolve("g")).doesNotExist();
    }

    @Test
    void aDamagedShardIsABadInput() throws Exception {
        idx(12);
        run(build());
        Path shard = folder.resolve("out/00000.arrow");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[bytes.length / 2] ^= 4;
        Files.write(shard, bytes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("inspect", folder.resolve("out").toString()))
                .withMessageContaining("SHA-256");
        assertThat(run("check", folder.resolve("out").toString())).isEqualTo(2);
        assertThat(output.toString()).contains("damaged-shard", "SHA-256");
    }

    @Test
    void imagesThatCannotBeDecodedAndBoxesOutsideAreFound() throws Exception {
        idx(1);
        run(build());
        Example.Box outside = new Example.Box(0, 0, 3.5, 2, "thing", false);
        try (ShardWriter writer = ShardWriter.create(folder.resolve("bad"), 1 << 20)) {
            writer.add(example("broken", ByteBuffer.wrap(new byte[] {1, 2, 3}), List.of()));
            writer.add(example("empty", ByteBuffer.allocate(0), List.of()));
            writer.add(example("outside", png(), List.of(outside)));
            writer.finish();
        }
        assertThat(run("check", folder.resolve("bad").toString(), "--no-decode"))
                .isEqualTo(2);
        assertThat(run("check", folder.resolve("bad").toString(), "--decode", "--json"))
                .isEqualTo(2);
        JsonNode found = new JsonMapper()
                .readTree(output.toString().substring(output.toString().indexOf('{')));
        assertThat(found.path("errors").asInt()).isEqualTo(3);
        assertThat(found.at("/findings/0/rule").asText()).isEqualTo("unreadable-image");
        assertThat(found.at("/findings/0/count").asInt()).isEqualTo(2);
        assertThat(found.at("/findings/1/first/0/id").asText()).isEqualTo("outside");
    }

    @Test
    void aCollectionIsCheckedBeforeItIsBuilt() throws Exception {
        idx(1);
        run(build());
        byte[] png = new byte[png().remaining()];
        png().get(png);
        for (String split : List.of("train", "val")) {
            Files.write(
                    Files.createDirectories(folder.resolve("images/" + split + "/cat"))
                            .resolve("a.png"),
                    png);
        }
        Files.write(folder.resolve("images/train/cat/broken.png"), new byte[9]);
        String[] arguments = {"check", "--from=folder", "--source=" + folder.resolve("images"), "--split=train"};
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(output.toString()).contains("1 examples, 1 errors", "unreadable-image", "cat/broken.png");
        Files.delete(folder.resolve("images/train/cat/broken.png"));
        assertThat(run(arguments)).isZero();
        assertThat(run(Stream.concat(Stream.of(arguments), Stream.of("--against-split=validation"))
                        .toArray(String[]::new)))
                .isEqualTo(2);
        assertThat(output.toString()).contains("split-leak", "cat/a.png: is cat/a.png of validation");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("check"))
                .withMessageContaining("either a directory of shards, or a collection");
    }

    @Test
    void theFaultsOfAnnotationFilesHaveNames() throws Exception {
        idx(1);
        run(build());
        byte[] png = new byte[png().remaining()];
        png().get(png);
        Files.write(Files.createDirectories(folder.resolve("coco")).resolve("a.png"), png);
        Files.writeString(folder.resolve("coco/c.json"), """
                {"images":[{"id":1,"file_name":"a.png"},{"id":2,"file_name":"gone.png"}],
                 "categories":[{"id":1,"name":"cat"}],
                 "annotations":[
                 {"id":1,"image_id":1,"category_id":1,"bbox":[0,0,9,2]},
                 {"id":2,"image_id":1,"category_id":1,"bbox":[0,0,0,2]},
                 {"id":3,"image_id":1,"category_id":1,"bbox":[NaN,0,1,2]},
                 {"id":4,"image_id":1,"category_id":9,"bbox":[0,0,1,2]},
                 {"id":4,"image_id":1,"category_id":1,"bbox":[0,0,1,2]},
                 {"id":5,"image_id":1,"category_id":1,"segmentation":{"size":[9,9],"counts":[81]}},
                 {"id":6,"image_id":1,"caption":"  "}]}
                """);
        String[] arguments = {
            "check", "--from=coco", "--source=" + folder.resolve("coco/c.json"), "--images=" + folder.resolve("coco")
        };
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(output.toString())
                .contains(
                        "missing-file",
                        "box-outside",
                        "box-without-area",
                        "box-not-finite",
                        "unknown-class",
                        "duplicate-id",
                        "mask-size",
                        "empty-caption");
    }

    private ByteBuffer png() throws IOException {
        try (var reader = ShardReader.open(folder.resolve("out"))) {
            return reader.get(0).image();
        }
    }

    private static Example example(String id, ByteBuffer image, List<Example.Box> boxes) {
        return Example.builder(id, image, "made-up", "MIT").boxes(boxes).build();
    }

    private String[] build(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "build",
                "--from=idx",
                "--source=" + folder,
                "--out=" + folder.resolve("out"),
                "--split=test",
                "--name=made-up",
                "--licence=MIT"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private String classes(String... names) throws IOException {
        return Files.write(folder.resolve("names"), List.of(names)).toString();
    }

    private JsonNode json(String... arguments) throws Exception {
        output.getBuffer().setLength(0);
        assertThat(run(arguments)).isZero();
        return new JsonMapper().readTree(output.toString());
    }

    /** As the main class does, but with exceptions let through: their mapping to exit statuses is the main class's. */
    private int run(String... arguments) throws Exception {
        CommandLine commandLine = new CommandLine(new DataCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(output, true));
        CommandLine.ParseResult parsed = commandLine.parseArgs(arguments);
        CommandLine leaf = parsed.subcommand().commandSpec().commandLine();
        return (int) ((Callable<?>) leaf.getCommand()).call();
    }

    private void idx(int count) throws IOException {
        byte[] images = new byte[16 + 6 * count];
        ByteBuffer.wrap(images).putInt(0x0803).putInt(count).putInt(2).putInt(3);
        byte[] labels = new byte[8 + count];
        ByteBuffer.wrap(labels).putInt(0x0801).putInt(count);
        for (int i = 0; i < count; i++) {
            labels[8 + i] = (byte) (i % 3);
            images[16 + 6 * i] = (byte) (10 * i);
        }
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), images);
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels);
    }
}

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
import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LabelsCommandTest {
    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();

    @BeforeEach
    void importTable() throws Exception {
        Path table = Files.writeString(folder.resolve("labels.csv"), """
                id,name,parents,synonyms,name_zh
                animal,animal,,,
                crane1,crane,animal,,\u9e64
                machine,machine,,,
                crane2,crane,machine,derrick,
                """);
        assertThat(run("labels", "import", "--from=csv", "--homonyms", "--source=" + table, "--out=" + labels()))
                .isZero();
        assertThat(output.toString()).contains("4 concepts, 6 names, languages en, zh", "crane: crane1, crane2");
    }

    @Test
    void shardsAreMappedSettledByHandReportedAndUndone() throws Exception {
        shards();
        Path open = folder.resolve("open.csv");
        JsonNode mapped = json(
                "labels", "map", labels("--labels"), "--data=" + folder.resolve("shards"), "--out=" + open, "--json");
        assertThat(mapped.at("/mapped").asInt()).isEqualTo(1);
        assertThat(mapped.at("/examples").asInt()).isEqualTo(4);
        assertThat(mapped.at("/mappedShare").asDouble()).isEqualTo(0.25);
        assertThat(Files.readString(open)).contains("crane,,2,ambiguous", "craane,,1,lost");

        Files.writeString(open, Files.readString(open).replace("crane,,2", "crane,crane1,2"));
        run("labels", "map", labels("--labels"), "--data=" + folder.resolve("shards"), "--hand=" + open);
        assertThat(output.toString()).contains("2 of 3 labels mapped (75.0 %", "hand=1");

        JsonNode report = json("labels", "report", labels("--labels"), "--json");
        assertThat(report.at("/concepts").asInt()).isEqualTo(4);
        assertThat(report.at("/names").asInt()).isEqualTo(6);
        assertThat(report.at("/languages").size()).isEqualTo(2);
        assertThat(report.at("/mapped").asInt()).isEqualTo(2);
        assertThat(report.at("/ambiguous").asInt()).isZero();
        assertThat(json(folder.resolve("labels/coverage.json"))).isEqualTo(report);

        run("labels", "undo", labels("--labels"), "--mapping=shards");
        assertThat(json("labels", "report", labels("--labels"), "--json")
                        .at("/mapped")
                        .asInt())
                .isZero();
        run("labels", "undo", labels("--labels"), "--entry=6");
        assertThat(json("labels", "replay", labels("--labels"), "--json")).isEqualTo(report);
    }

    @Test
    void aTableThatSomeoneHasFilledIsNotOverwrittenUnread() throws Exception {
        shards();
        Path open = folder.resolve("open.csv");
        String[] map = {"labels", "map", labels("--labels"), "--data=" + folder.resolve("shards"), "--out=" + open};
        run(map);
        run(map); // as it was made
        String filled = Files.readString(open).replace("crane,,2", "crane,crane1,2");
        Files.writeString(open, filled);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(map))
                .withMessageContaining("would lose the concepts that are filled in there (1): give it to --hand");
        assertThat(open).hasContent(filled);
        run("labels", "map", labels("--labels"), map[3], map[4], "--hand=" + open);
        assertThat(Files.readString(open)).doesNotContain("crane,").contains("craane,,1,lost");
    }

    @Test
    void theFirstSenseIsTakenOnlyWhenAskedFor() throws Exception {
        Path list = Files.writeString(folder.resolve("list.txt"), "crane\ncrane\nanimals\n");
        run("labels", "map", labels("--labels"), "--data=" + list, "--take-first-sense", "--name=birds");
        assertThat(output.toString()).contains("first-sense=1", "lemma=1");
        assertThat(Files.readString(folder.resolve("labels/merges.jsonl"))).contains("\"rule\":\"first_sense\"");
    }

    @Test
    void conceptsMayBeNarrowedDown() throws Exception {
        Path list = Files.writeString(folder.resolve("list.txt"), "crane\n");
        JsonNode mapped = json(
                "labels",
                "map",
                labels("--labels"),
                "--data=" + list,
                "--under=machine",
                "--kinds=object,part",
                "--json");
        assertThat(mapped.at("/rules/exact").asInt()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("labels", "map", labels("--labels"), "--data=" + list, "--under=bird"))
                .withMessageContaining("--under bird");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("labels", "map", labels("--labels"), "--data=" + list, "--kinds=bird"))
                .withMessageContaining("kind is 'bird'");
    }

    @Test
    void conceptsAreShownWithTheirTreesAndOthersSuggested() throws Exception {
        run("labels", "show", "crane", labels("--labels"));
        assertThat(output.toString())
                .containsSubsequence(
                        "crane1  crane", "names (zh): \u9e64", "above:", "animal", "crane2", "derrick", "machine");
        JsonNode shown = json("labels", "show", "\u9e64", labels("--labels"), "--json");
        assertThat(shown.at("/concepts/0/id").asText()).isEqualTo("crane1");
        assertThat(shown.at("/concepts/0/ancestors/0/name").asText()).isEqualTo("animal");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("labels", "show", "derick", labels("--labels")))
                .withMessageContaining("derrick (crane2)");
    }

    @Test
    void exportAndImportGiveTheSameConcepts() throws Exception {
        Path json = folder.resolve("labels.json");
        run("labels", "export", labels("--labels"), "--format=json", "--out=" + json);
        JsonNode imported = json(
                "labels", "import", "--from=json", "--source=" + json, "--out=" + folder.resolve("again"), "--json");
        assertThat(imported.at("/concepts").asInt()).isEqualTo(4);
        assertThat(imported.at("/names").asInt()).isEqualTo(6);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("labels", "export", labels("--labels"), "--format=json", "--out=" + json))
                .withMessageContaining("not overwritten");
    }

    @Test
    void aRefusedImportLeavesNothing() throws Exception {
        Path table = Files.writeString(folder.resolve("wrong.csv"), "id,name,parents\na,x,b\nb,y,a\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        run("labels", "import", "--from=csv", "--source=" + table, "--out=" + folder.resolve("wrong")))
                .withMessageContaining("a -> b -> a");
        assertThat(folder).isDirectoryNotContaining("glob:**wrong{,.partial*}");
    }

    private Path labels() {
        return folder.resolve("labels");
    }

    private String labels(String option) {
        return option + "=" + labels();
    }

    private void shards() {
        try (ShardWriter writer = ShardWriter.create(folder.resolve("shards"), 1 << 20)) {
            writer.add(example("a", List.of("crane")));
            writer.add(example("b", List.of("crane", "craane")));
            writer.add(example("c", List.of("derricks")));
            writer.add(example("d", List.of()));
            writer.finish();
        }
    }

    private static Example example(String id, List<String> labels) {
        return Example.builder(id, ByteBuffer.wrap(new byte[] {1}), "s", "MIT")
                .labels(labels)
                .build();
    }

    private JsonNode json(Path file) throws IOException {
        return new JsonMapper().readTree(file.toFile());
    }

    private JsonNode json(String... arguments) throws Exception {
        assertThat(run(arguments)).isZero();
        return new JsonMapper().readTree(output.toString());
    }

    /** As the main class does, but with exceptions let through: their mapping to exit statuses is the main class's. */
    private int run(String... arguments) throws Exception {
        output.getBuffer().setLength(0);
        CommandLine commandLine = new CommandLine(new DataCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(output, true));
        CommandLine.ParseResult parsed = commandLine.parseArgs(arguments);
        while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return (int) ((Callable<?>) parsed.commandSpec().userObject()).call();
    }
}

package org.generalvision.upstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PretrainCommandTest {
    @TempDir
    Path folder;

    /** What the command throws or says. */
    private static String run(String... arguments) {
        StringWriter said = new StringWriter();
        CommandLine command = new CommandLine(new PretrainCommand());
        command.setErr(new PrintWriter(said));
        command.setExecutionExceptionHandler((e, line, result) -> {
            said.append(e.getClass().getSimpleName()).append(": ").append(e.getMessage());
            return 2;
        });
        assertThat(command.execute(arguments)).isEqualTo(2);
        return said.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "amateur-dek  | train.steps=1       | There is no recipe amateur-dek, neither a file nor a shipped one; did you mean amateur-desk?",
                "amateur-desk | train.stpes=1       | there is no key train.stpes; did you mean steps?",
                "amateur-desk | train.steps=none    | train.steps must be a whole number",
                "clip-desk    | data.train.split=x  | split is unknown: x",
                "local-desk   | train.steps=1       | The local stage starts from a checkpoint of the global stage: name one with --initialize-from",
                "amateur-desk | model.resolution=64 | data.imageViews must have the model's resolution of 64 x 64 pixels: 48 x 48",
            })
    void badInputIsNamedBeforeAnythingIsWritten(String recipe, String override, String message) {
        Path directory = folder.resolve("run");
        assertThat(run(recipe, override, "--run-dir", directory.toString(), "--cache", folder.toString()))
                .startsWith("IllegalArgumentException: ")
                .contains(message);
        assertThat(directory).doesNotExist();
    }

    @Test
    void aRunIsNotContinuedByAccident() throws IOException {
        Files.writeString(folder.resolve("metrics.jsonl"), "{}\n");
        assertThat(run("amateur-desk", "--run-dir", folder.toString()))
                .contains("holds a run already; use --resume to go on with it, or another --run-dir");
        assertThat(folder.resolve("recipe.yaml")).doesNotExist();
    }

    @Test
    void aMissingRecipeArgumentIsBadUsage() {
        assertThat(run()).contains("Missing required parameter: 'RECIPE'");
    }
}

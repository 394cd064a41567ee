package org.generalvision.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.generalvision.data.plan.Costs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class PlanCommandTest {
    @TempDir
    Path folder;

    private String error = "";
    private String output = "";

    /** Runs a command as the main class does; bad input is an {@code IllegalArgumentException}, which means status 2. */
    private int run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new DataCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(e.getMessage());
                    return e instanceof IllegalArgumentException ? 2 : 1;
                });
        int status = line.execute(arguments);
        output = out.toString();
        error = err.toString();
        return status;
    }

    @Test
    void threeSizesArePlannedForByDefault() {
        assertThat(run("plan")).isZero();
        assertThat(output)
                .contains("10,000,000 records of", "1,000,000,000 records of", "10,000,000,000 records of")
                .contains("build", "exact duplicates", "an epoch of training", "64 cores")
                .contains(
                        Costs.shipped().machine(),
                        Costs.shipped().date(),
                        Costs.shipped().command());
    }

    @Test
    void plansArePrintedAsJsonAlone() throws Exception {
        assertThat(run("plan", "--records=1000,2000", "--records=3000", "--bytes-per-record=5000", "--json"))
                .isZero();
        JsonNode document = new JsonMapper().readTree(output);
        assertThat(document.at("/costs/sample/records").asLong()).isPositive();
        assertThat(document.at("/plans")).hasSize(3);
        JsonNode plan = document.at("/plans/2");
        assertThat(plan.at("/scale/records").asLong()).isEqualTo(3000);
        assertThat(plan.at("/scale/bytesPerRecord").asDouble()).isEqualTo(5000);
        assertThat(plan.at("/shards").asLong()).isEqualTo(1);
        assertThat(plan.at("/limits")).isEmpty();
        JsonNode build = plan.at("/steps/0");
        assertThat(build.fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "coreHours",
                        "serialCoreHours",
                        "wallHours",
                        "readBytes",
                        "diskBytes",
                        "temporaryBytes",
                        "shuffleBytes",
                        "memoryBytes",
                        "impossible");
        assertThat(build.at("/readBytes").asLong()).isEqualTo(15_000_000);
        assertThat(build.at("/impossible").isNull()).isTrue();
    }

    @Test
    void aFileOfCostsIsPlannedWith() throws Exception {
        Path file = folder.resolve("costs.yaml");
        String text = Costs.shipped().text().replaceFirst("machine: .*", "machine: 'the other one'");
        Files.writeString(file, text);
        assertThat(run("plan", "--costs", file.toString(), "--records", "1000")).isZero();
        assertThat(output).contains("the other one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--records 0 | records must lie in",
                "--records x | --records",
                "--records 2000000000000 | records must lie in",
                "--bytes-per-record 0 | bytes per record must lie in",
                "--bytes-per-record NaN | bytes per record must lie in",
                "--cores 0 | cores must be positive",
                "--shard-bytes 0 | target size",
                "--costs missing.yaml | gv data plan --measure",
                "--out costs.yaml | name what to measure",
                "--machine M | name what to measure",
                "--measure missing | needs --out",
                "--from folder --source missing | needs --out",
                "--measure missing --out costs.yaml | missing",
                "--measure missing --costs costs.yaml --out c.yaml | Name one of",
                "--from folder --out costs.yaml | --source"
            })
    void badInputIsRefusedAndNothingIsWritten(String arguments, String says) {
        String[] words = ("plan " + arguments).trim().split(" ", -1);
        for (int i = 0; i < words.length; i++) {
            if (words[i].endsWith(".yaml")) {
                words[i] = folder.resolve(words[i]).toString();
            }
        }
        assertThat(run(words)).isEqualTo(2);
        assertThat(error).contains(says);
        assertThat(output).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFileThatHoldsNoCostsIsRefused() throws Exception {
        Path file = folder.resolve("costs.yaml");
        Files.writeString(file, "machine: x\n");
        assertThat(run("plan", "--costs", file.toString())).isEqualTo(2);
        assertThat(error).contains("costs.yaml");
    }
}

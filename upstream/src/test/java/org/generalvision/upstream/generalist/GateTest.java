package org.generalvision.upstream.generalist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.generalvision.recipe.Recipe;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.cli.PretrainCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GateTest {
    @TempDir
    private Path folder = Path.of("");

    private static Gate gate(String metric, boolean largerIsBetter, double margin) {
        return new Gate("scenes", metric, largerIsBetter, new Gate.Figure(0.5), margin);
    }

    @Test
    void aTaskPassesUpToItsMarginWhicheverWayItsMetricIsRead() {
        List<Gate> gates = List.of(
                gate("boxAp", true, 0.25), gate("boxAp", true, 0.125), gate("rmse", false, 0.125), gate("x", true, 9));
        GateReport report =
                GateReport.of(gates, List.of(0.5, 0.5, 0.5, 0.5), Map.of("scenes/boxAp", 0.25, "scenes/rmse", 0.25));
        assertThat(report.tasks()).extracting(GateReport.Task::passed).containsExactly(true, false, true, false);
        assertThat(report.tasks()).extracting(GateReport.Task::difference).containsExactly(-0.25, -0.25, 0.25, null);
        assertThat(report.passed()).isFalse();
        assertThat(report.table())
                .hasSize(5)
                .element(2)
                .isEqualTo("scenes/boxAp      0.2500      0.5000     -0.2500      0.1250  FAILED");
        assertThat(report.table().get(4))
                .startsWith("scenes/x")
                .contains("none")
                .endsWith("FAILED");
        assertThat(GateReport.NONE.passed()).isTrue();
        assertThat(GateReport.NONE.table()).isEmpty();
    }

    private int pretrain(StringWriter out, String... arguments) {
        CommandLine command = new CommandLine(new PretrainCommand());
        command.setOut(new PrintWriter(out));
        return command.execute(arguments);
    }

    private JsonNode gateFile(String run) throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve(run).resolve(GateReport.FILE)));
    }

    @Test
    void theRunEndsWithStatus1AfterItsCheckpointIfATaskFallsShort() throws IOException {
        Path data = Squares.write(folder.resolve("data"));
        Squares.run(Squares.expert(data), folder.resolve("expert"), "train.steps=1");
        String expert = "expert: {kind: run, checkpoint: %s, figure: depth/rmse}".formatted(folder.resolve("expert"));
        String within = "{dataSet: depth, metric: rmse, largerIsBetter: false, %s, margin: 1000}".formatted(expert);
        String short1 =
                "{dataSet: classes, metric: top1, largerIsBetter: true, expert: {kind: figure, value: 3}, margin: 1}";
        Recipe hard = Squares.hard(data).with(List.of("train.steps=1"));
        for (String fails : List.of("true", "false")) {
            boolean failing = Boolean.parseBoolean(fails);
            Recipe gated = hard.with(List.of("gates=[" + within + (failing ? ", " + short1 : "") + "]"));
            Path file = folder.resolve("gated-" + fails + ".yaml");
            Files.writeString(file, gated.text());
            String run = "run-" + fails;
            StringWriter out = new StringWriter();
            int status = pretrain(
                    out, file.toString(), "--run-dir", folder.resolve(run).toString(), "--cache", folder.toString());
            assertThat(status).isEqualTo(failing ? 1 : 0);
            assertThat(folder.resolve(run).resolve("step-00000001/COMPLETE")).exists();
            assertThat(out.toString()).contains("depth/rmse").contains("passed");
            assertThat(out.toString().contains("FAILED")).isEqualTo(failing);
            assertThat(gateFile(run).path("passed").asBoolean()).isEqualTo(!failing);
            assertThat(gateFile(run).path("tasks")).hasSize(failing ? 2 : 1);
            assertThat(gateFile(run).path("tasks").get(0).path("expert").asDouble())
                    .isPositive();
        }
        StringWriter again = new StringWriter();
        assertThat(pretrain(
                        again,
                        folder.resolve("gated-true.yaml").toString(),
                        "--run-dir",
                        folder.resolve("run-true").toString(),
                        "--cache",
                        folder.toString(),
                        "--resume",
                        "--no-gate"))
                .isZero();
        assertThat(again.toString()).contains("FAILED");
    }

    @Test
    void gatesThatCannotBeJudgedAreRefusedAtTheStart() {
        Path data = Squares.write(folder.resolve("data"));
        Path expert = folder.resolve("expert");
        Squares.run(Squares.expert(data), expert, "train.steps=1");
        for (Map.Entry<String, String> wrong : Map.of(
                        "dataSet: other, metric: top1, largerIsBetter: true, expert: {kind: figure, value: 1}, margin: 0",
                        "there is no data set other, only [classes, boxes, pixels, depth]",
                        "dataSet: depth, metric: rmse, largerIsBetter: true, expert: {kind: run, checkpoint: " + expert
                                + ", figure: rmse}, margin: 0",
                        "has no figure rmse, only [boxes/boxAp",
                        "dataSet: depth, metric: rmse, largerIsBetter: true, expert: {kind: figure, value: 1}, margin: -1",
                        "margin must be at least 0: -1.0",
                        "dataSet: depth, metric: rmse, largerIsBetter: true, expert: {kind: figure, value: .nan}, margin: 0",
                        "value must be a finite number")
                .entrySet()) {
            Path run = folder.resolve("run");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> {
                        Recipe recipe = Squares.hard(data).with(List.of("gates=[{" + wrong.getKey() + "}]"));
                        recipe.as(UpstreamRecipe.class);
                        Squares.run(recipe, run);
                    })
                    .withMessageContaining(wrong.getValue());
            assertThat(run).doesNotExist();
        }
    }
}

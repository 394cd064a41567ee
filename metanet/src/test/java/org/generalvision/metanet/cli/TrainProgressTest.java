package org.generalvision.metanet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.train.Progress;
import org.junit.jupiter.api.Test;

class TrainProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Progress progress(boolean terminal) {
        return TrainProgress.on("amateur-desk", new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
    }

    private static Progress.Report report(long step) {
        return new Progress.Report(step, 20, 123.4, 0.017, 61, 1_500_000_000L, new TreeMap<>(Map.of("loss", 2.5)));
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminalItPrintsPlainLinesNowAndThen() {
        Progress progress = progress(false);
        progress.begin(10, 20);
        progress.step(report(11));
        progress.note("saved runs/x/step-00000020");
        progress.step(report(20));
        progress.end();
        assertThat(said().lines())
                .containsExactly(
                        "amateur-desk: continues after step 10 of 20",
                        "amateur-desk: saved runs/x/step-00000020",
                        "amateur-desk: step 20 of 20, loss 2.5000, 123 images/s, 1.7 % data wait, 1.5 GB, 61 s left");
    }

    @Test
    void onATerminalItDrawsABarWithTheFigures() {
        Progress progress = progress(true);
        progress.begin(10, 20);
        progress.step(report(20));
        progress.end();
        assertThat(said()).contains("amateur-desk", "20/20", "loss 2.5000, 123 images/s");
    }
}

package org.generalvision.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressReportTest {
    @ParameterizedTest(name = "on a terminal: {0}")
    @ValueSource(booleans = {false, true})
    void theEndIsAlwaysReported(boolean terminal) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream error = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (ProgressReport report = ProgressReport.start("Building x", 3, "items", error, terminal)) {
            for (int i = 0; i < 3; i++) {
                report.step();
            }
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        if (terminal) {
            assertThat(text).contains("Building x", "100%", "3/3");
        } else {
            assertThat(text)
                    .startsWith("Building x: 3 of 3 items, ")
                    .contains("items/s, took ")
                    .endsWith("s" + System.lineSeparator());
            assertThat(text.lines()).hasSize(1);
        }
    }
}

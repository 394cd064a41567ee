package org.generalvision.benchmark.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFiguresTest {
    @Test
    void aContinuedRunAddsUp(@TempDir Path run) throws Exception {
        Files.writeString(run.resolve("timing.jsonl"), """
                {"step":10,"time/seconds":4.0,"time/dataWaitSeconds":0.5,"time/residentMegabytes":700.0}
                {"step":20,"time/seconds":8.0,"time/dataWaitSeconds":0.5,"time/residentMegabytes":900.0}
                {"step":30,"time/seconds":3.0,"time/dataWaitSeconds":0.1,"time/residentMegabytes":600.0}
                {"step":40,"time/seconds":7.0,"time/dataWaitSeconds":0.25,"time/residentMegabytes":650.0}
                """);
        RunFigures figures = RunFigures.read(run);
        assertThat(figures.seconds()).isCloseTo(15, within(1e-12));
        assertThat(figures.waitSeconds()).isCloseTo(0.75, within(1e-12));
        assertThat(figures.dataWait()).isCloseTo(0.05, within(1e-12));
        assertThat(figures.megabytes()).isEqualTo(900);
    }
}

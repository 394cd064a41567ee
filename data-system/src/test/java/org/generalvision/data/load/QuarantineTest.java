package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuarantineTest {
    @TempDir
    private Path folder;

    private static Unreadable entry(long sample) {
        return new Unreadable(sample, "id-" + sample, "broken \"PNG\"\nimage");
    }

    @Test
    void eachSampleCountsOnceAcrossRuns() throws IOException {
        Path file = folder.resolve("run/quarantine.jsonl");
        Quarantine first = new Quarantine(file, 100, 0.03);
        assertThat(file).doesNotExist();
        first.add(List.of(entry(7), entry(3)));
        first.add(List.of(entry(7)));
        Quarantine second = new Quarantine(file, 100, 0.03);
        second.add(List.of(entry(3), entry(50)));
        assertThat(second.entries()).containsExactly(entry(3), entry(7), entry(50));
        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(Files.readAllLines(file).get(0))
                .isEqualTo("{\"sample\":7,\"id\":\"id-7\",\"reason\":\"broken \\\"PNG\\\"\\nimage\"}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> second.add(List.of(entry(51))))
                .withMessageContaining("4 of 100 samples are unreadable, more than the share 0.03");
    }

    @Test
    void halfALineOfAKilledRunIsForgotten() throws IOException {
        Path file = folder.resolve("quarantine.jsonl");
        new Quarantine(file, 100, 1).add(List.of(entry(7)));
        Files.writeString(file, "{\"sample\":8,\"i", StandardOpenOption.APPEND);
        Quarantine resumed = new Quarantine(file, 100, 1);
        resumed.add(List.of(entry(8)));
        assertThat(new Quarantine(file, 100, 1).entries()).containsExactly(entry(7), entry(8));
    }

    @Test
    void fileOfAnotherKindIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("quarantine.jsonl"), "hello\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Quarantine(file, 100, 1))
                .withMessageContaining("is not a quarantine file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Quarantine(folder.resolve("x"), 100, -1))
                .withMessageContaining("[0, 1]");
    }
}

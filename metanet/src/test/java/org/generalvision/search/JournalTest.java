package org.generalvision.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path folder;

    private static Trial trial(int number) {
        return new Trial(
                number,
                new Tokens(List.of(0, 1, number)),
                "toy 0-1-" + number,
                7,
                0.1 + number / 3.0,
                0.5,
                10,
                20,
                number == 1 ? 2.5 : null,
                -4.158883,
                number == 2 ? "Step 3: {loss=NaN}" : null,
                List.of(new Outcome.Point(10, 0.25), new Outcome.Point(20, 0.5)),
                new Trial.Time(1.5, 2.5, 0.01, false));
    }

    private Path written(int trials) {
        Path file = folder.resolve(Journal.FILE);
        try (Journal journal = Journal.open(file)) {
            for (int i = 0; i < trials; i++) {
                journal.append(trial(i));
            }
        }
        return file;
    }

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        Path file = written(3);
        assertThat(Journal.read(file)).containsExactly(trial(0), trial(1), trial(2));
        assertThat(Files.readAllLines(file).get(1))
                .isEqualTo("{\"trial\":1,\"tokens\":[0,1,1],\"architecture\":\"toy 0-1-1\",\"seed\":7,"
                        + "\"reward\":0.43333333333333335,\"accuracy\":0.5,\"parameters\":10,\"macs\":20,"
                        + "\"latencyMillis\":2.5,\"logProbability\":-4.158883,\"failure\":null,"
                        + "\"curve\":[{\"step\":10,\"accuracy\":0.25},{\"step\":20,\"accuracy\":0.5}],"
                        + "\"time\":{\"seconds\":1.5,\"processorSeconds\":2.5,\"controllerProcessorSeconds\":0.01,"
                        + "\"cached\":false}}");
    }

    @Test
    void aLineThatAKilledProcessLeftUnfinishedIsCutOffAndWrittenAgain() throws Exception {
        Path file = written(3);
        byte[] whole = Files.readAllBytes(file);
        for (int cut : List.of(1, 2, 50, 200)) {
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
            assertThat(Journal.read(file)).hasSize(2);
            try (Journal journal = Journal.open(file)) {
                assertThat(journal.trials()).hasSize(2);
                journal.append(trial(2));
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        }
    }

    @Test
    void aBrokenLineInTheMiddleIsRefusedByNumber() throws Exception {
        Path file = written(3);
        List<String> lines = Files.readAllLines(file);
        Files.writeString(file, lines.get(0) + "\n{\"trial\":1,\n" + lines.get(2) + "\n");
        assertThatThrownBy(() -> Journal.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 of " + file);
        Files.writeString(file, lines.get(0) + "\n" + lines.get(2) + "\n");
        assertThatThrownBy(() -> Journal.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is trial 2 and should be trial 1");
        Files.writeString(file, lines.get(0).replace("\"seed\":7", "\"seed\":7,\"sede\":8") + "\n");
        assertThatThrownBy(() -> Journal.open(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sede");
    }

    @Test
    void aFullDiskIsSaidAndTheJournalStaysAsItWas() throws Exception {
        Path full = Path.of("/dev/full");
        assumeThat(Files.exists(full)).isTrue();
        Path file = folder.resolve("full.jsonl");
        Files.createSymbolicLink(file, full);
        try (Journal journal = Journal.onChannel(
                file, java.nio.channels.FileChannel.open(full, StandardOpenOption.WRITE), List.of(trial(0)))) {
            assertThatThrownBy(() -> journal.append(trial(1)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("No space left on device")
                    .hasMessageContaining("; the 1 trials in it are unharmed");
            assertThat(journal.trials()).containsExactly(trial(0));
        }
    }

    @Test
    void garbageAfterTheLastLineIsCutOff() throws Exception {
        Path file = written(1);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, new byte[] {(byte) 0xff, 0, (byte) 0xc3}, StandardOpenOption.APPEND);
        Journal.open(file).close();
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
        assertThat(new String(whole, StandardCharsets.UTF_8)).endsWith("\n");
    }
}

package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.util.Event;

class MetricLogTest {
    @TempDir
    Path folder;

    @Test
    void metricsAreLinesWithTheStepFirstAndNoClock() throws IOException {
        try (MetricLog log = new MetricLog(folder, 0)) {
            log.metrics(1, Map.of("loss", 0.25, "a", 1e-7));
            log.timing(1, Map.of("time/imagesPerSecond", 3.5));
            log.metrics(2, Map.of());
        }
        assertThat(folder.resolve("metrics.jsonl")).hasContent("{\"step\":1,\"a\":1.0E-7,\"loss\":0.25}\n");
        assertThat(folder.resolve("timing.jsonl")).hasContent("{\"step\":1,\"time/imagesPerSecond\":3.5}\n");
    }

    @Test
    void reopeningCutsBackToTheCheckpointAndDropsTornLines() throws IOException {
        try (MetricLog log = new MetricLog(folder, 0)) {
            for (int step = 1; step <= 5; step++) {
                log.metrics(step, Map.of("loss", 1.0 / step));
            }
        }
        Path metrics = folder.resolve("metrics.jsonl");
        Files.writeString(metrics, "{\"step\":6,\"lo", StandardOpenOption.APPEND);
        Path events = events();
        Files.write(events, new byte[] {24, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}, StandardOpenOption.APPEND);
        new MetricLog(folder, 9).close();
        assertThat(Files.readAllLines(metrics)).hasSize(5);
        try (MetricLog log = new MetricLog(folder, 3)) {
            log.metrics(4, Map.of("loss", 7.0));
        }
        assertThat(Files.readAllLines(metrics)).hasSize(4).last().isEqualTo("{\"step\":4,\"loss\":7.0}");
        List<DynamicMessage> read = EventFile.read(events);
        // File version; 1, 2, 3; session start of the reopening at 3; the new 4. The old 4, 5 and the start at 9 are
        // gone.
        assertThat(read.stream().map(MetricLogTest::step)).containsExactly(0L, 1L, 2L, 3L, 4L, 4L);
        assertThat(read.get(5).toString()).contains("tag: \"loss\"").contains("simple_value: 7.0");
        assertThat(read.get(4).toString()).contains("status: START");
    }

    private Path events() {
        return Checkpoint.children(folder).stream()
                .filter(p -> p.getFileName().toString().startsWith("events.out.tfevents."))
                .findFirst()
                .orElseThrow();
    }

    private static long step(DynamicMessage event) {
        return (Long) event.getField(Event.getDescriptor().findFieldByName("step"));
    }

    @Test
    void aRunWithoutACheckpointStartsItsFilesAnew() throws IOException {
        try (MetricLog log = new MetricLog(folder, 0)) {
            log.metrics(1, Map.of("loss", 1.0));
        }
        new MetricLog(folder, 0).close();
        assertThat(folder.resolve("metrics.jsonl")).isEmptyFile();
        assertThat(EventFile.read(events()).get(0).toString()).contains("brain.Event:2");
    }

    @Test
    void recordsAreFramedAsTensorFlowFramesThem() {
        byte[] foo = "foo".getBytes(StandardCharsets.US_ASCII);
        String lengthCrc = HexFormat.of().formatHex(reference(new byte[] {3, 0, 0, 0, 0, 0, 0, 0}));
        String dataCrc = HexFormat.of().formatHex(reference(foo));
        assertThat(HexFormat.of().formatHex(EventFile.frame(foo).array()))
                .isEqualTo("0300000000000000" + lengthCrc + "666f6f" + dataCrc);
    }

    @Test
    void theFileStartsWithTheBytesOfEveryTensorBoardFile() throws IOException {
        new MetricLog(folder, 0).close();
        // The first record is the version event of 24 bytes; its head is the same in every event file there is.
        byte[] start = Arrays.copyOf(Files.readAllBytes(events()), 13);
        assertThat(HexFormat.of().formatHex(start)).isEqualTo("1800000000000000a37f4b2209");
    }

    /** The masked CRC-32C bit by bit from its definition: polynomial 0x1EDC6F41, reflected. */
    private static byte[] reference(byte[] data) {
        int crc = -1;
        for (byte b : data) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        crc = ~crc;
        int masked = ((crc >>> 15) | (crc << 17)) + 0xA282EAD8;
        return new byte[] {(byte) masked, (byte) (masked >>> 8), (byte) (masked >>> 16), (byte) (masked >>> 24)};
    }
}

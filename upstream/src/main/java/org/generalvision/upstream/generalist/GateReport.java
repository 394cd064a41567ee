package org.generalvision.upstream.generalist;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.generalvision.weights.DurableFile;
import org.jspecify.annotations.Nullable;

/**
 * How a generalist compares with its experts.
 *
 * @param tasks one for each gate of the recipe
 */
public record GateReport(List<Task> tasks) {
    /** Name of the report in a run directory. */
    public static final String FILE = "gate.json";

    /** Nothing was asked, and so nothing failed. */
    public static final GateReport NONE = new GateReport(List.of());

    public GateReport {
        tasks = List.copyOf(tasks);
    }

    /**
     * One comparison.
     *
     * @param figure name of what was measured, such as {@code scenes/boxAp}
     * @param generalist its value, or null if it was not measured, which does not pass
     * @param expert the expert's value
     * @param difference how much better the generalist is, negative if it is worse, whichever way the metric is read
     * @param margin how much worse it may be
     * @param passed whether it is not worse than that
     */
    public record Task(
            String figure,
            @Nullable Double generalist,
            double expert,
            @Nullable Double difference,
            double margin,
            boolean passed) {}

    /**
     * Compares.
     *
     * @param evaluation of the generalist
     * @param experts the experts' figures, in the order of the gates
     */
    static GateReport of(List<Gate> gates, List<Double> experts, Map<String, Double> evaluation) {
        return new GateReport(IntStream.range(0, gates.size())
                .mapToObj(i -> task(
                        gates.get(i),
                        experts.get(i),
                        evaluation.get(gates.get(i).figure())))
                .toList());
    }

    private static Task task(Gate gate, double expert, @Nullable Double value) {
        if (value == null) {
            return new Task(gate.figure(), null, expert, null, gate.margin(), false);
        }
        double difference = gate.largerIsBetter() ? value - expert : expert - value;
        return new Task(gate.figure(), value, expert, difference, gate.margin(), difference >= -gate.margin());
    }

    /** Whether no task fails. */
    public boolean passed() {
        return tasks.stream().allMatch(Task::passed);
    }

    /** A line for each task under a line of headings; empty if there is none. */
    public List<String> table() {
        if (tasks.isEmpty()) {
            return List.of();
        }
        int width = Math.max(
                6, tasks.stream().mapToInt(t -> t.figure.length()).max().orElse(0));
        List<String> lines = new ArrayList<>();
        lines.add(row(width, "figure", "generalist", "expert", "difference", "margin", ""));
        tasks.forEach(t -> lines.add(row(
                width,
                t.figure,
                number(t.generalist),
                number(t.expert),
                number(t.difference),
                number(t.margin),
                t.passed ? "passed" : "FAILED")));
        return List.copyOf(lines);
    }

    private static String row(int width, String name, String... cells) {
        return String.format(
                        Locale.ROOT,
                        "%-" + width + "s %11s %11s %11s %11s  %s",
                        name,
                        cells[0],
                        cells[1],
                        cells[2],
                        cells[3],
                        cells[4])
                .stripTrailing();
    }

    private static String number(@Nullable Double value) {
        return value == null ? "none" : String.format(Locale.ROOT, "%.4f", value);
    }

    /** Writes the report into a run directory. */
    void write(Path directory) {
        try {
            String text = JsonMapper.builder()
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(Map.of("passed", passed(), "tasks", tasks));
            DurableFile.write(directory.resolve(FILE), text + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Records of plain values are always writable", e);
        }
    }
}

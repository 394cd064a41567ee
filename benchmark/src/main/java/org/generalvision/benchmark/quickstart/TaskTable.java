package org.generalvision.benchmark.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.generalvision.report.Table;
import org.generalvision.upstream.expert.ExpertTask;

/**
 * What each model reached on each task.
 *
 * @param models rows
 */
record TaskTable(List<TaskModel> models) {
    /** A column. */
    private record Column(String title, Class<? extends ExpertTask> task, String metric, double factor) {
        String text(TaskModel model) {
            OptionalDouble figure = model.figure(task, metric);
            return figure.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", factor * figure.getAsDouble());
        }
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("top-1, %", ExpertTask.Classification.class, "top1", 100),
            new Column("box AP50, %", ExpertTask.Detection.class, "boxAp50", 100),
            new Column("box AP, %", ExpertTask.Detection.class, "boxAp", 100),
            new Column("mIoU, %", ExpertTask.Segmentation.class, "meanIou", 100),
            new Column("depth RMSE, m", ExpertTask.Depth.class, "rmse", 1));

    Table table() {
        List<String> header = new ArrayList<>(List.of("model"));
        COLUMNS.forEach(column -> header.add(column.title()));
        List<List<String>> rows = new ArrayList<>();
        for (TaskModel model : models) {
            List<String> row = new ArrayList<>(List.of(model.name()));
            COLUMNS.forEach(column -> row.add(column.text(model)));
            rows.add(row);
        }
        return new Table(header, rows, -1);
    }

    /** The rows as lines of text. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (TaskModel model : models) {
            StringBuilder line = new StringBuilder(model.name());
            for (Column column : COLUMNS) {
                if (model.figure(column.task, column.metric).isPresent()) {
                    line.append("; ").append(column.title).append(": ").append(column.text(model));
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }
}

package org.generalvision.data.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.storage.StorageLevel;
import org.generalvision.data.source.BuildEngine;
import org.generalvision.data.source.BuildOrder;
import org.generalvision.data.source.ShardBuild;
import org.generalvision.data.source.ShardTask;
import org.generalvision.data.source.SharedBuild;
import org.generalvision.data.source.Stretch;
import org.generalvision.data.source.Survey;

/**
 * A shared build as a Spark job of two stages. In the first, executors survey the collection and keep the surveys, on disk where memory
 * is short; the driver fetches them some at a time and plans the shards. In the second, executors read the collection again and write
 * the shards, straight into the directory; nothing is shuffled.
 *
 * @param context of the job
 * @param runner what a task of the second stage does with the text of a {@link ShardTask}; yields that of what it wrote
 */
public record SparkEngine(JavaSparkContext context, Function<String, String> runner) implements BuildEngine {
    /** Surveys that the driver holds at a time. */
    private static final int FETCHED = 256;

    /** Tasks for each core, so that one that takes longer does not keep the others waiting. */
    static final int TASKS_PER_CORE = 4;

    /** An engine that writes shards. */
    public SparkEngine(JavaSparkContext context) {
        this(context, text -> ShardTask.parse(text).run().text());
    }

    @Override
    public ShardBuild.Result build(BuildOrder order, Path directory) {
        int wanted = TASKS_PER_CORE * context.defaultParallelism();
        try (SharedBuild build = SharedBuild.begin(order, directory, wanted)) {
            survey(build.stretches(), build::add);
            List<String> tasks =
                    build.tasks(wanted).stream().map(ShardTask::text).toList();
            List<ShardTask.Written> written = run(tasks, runner).collect().stream()
                    .map(ShardTask.Written::parse)
                    .toList();
            return build.finish(written);
        }
    }

    private void survey(List<Stretch> stretches, Consumer<byte[]> receiver) {
        List<String> texts = stretches.stream().map(Stretch::text).toList();
        JavaRDD<byte[]> surveys = run(texts, text -> Survey.of(Stretch.parse(text)));
        surveys.persist(StorageLevel.MEMORY_AND_DISK_SER());
        surveys.count();
        for (int from = 0; from < stretches.size(); from += FETCHED) {
            int to = Math.min(stretches.size(), from + FETCHED);
            for (List<byte[]> survey : surveys.collectPartitions(IntStream.range(from, to).toArray())) {
                survey.forEach(receiver);
            }
        }
        surveys.unpersist();
    }

    /** One task for each text, in their order; none at all for none. */
    private <T> JavaRDD<T> run(List<String> texts, Function<String, T> work) {
        return context.parallelize(new ArrayList<>(texts), Math.max(1, texts.size()))
                .map(work);
    }
}

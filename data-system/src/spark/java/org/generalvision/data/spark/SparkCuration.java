package org.generalvision.data.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.Look;
import org.generalvision.data.curate.Scan;
import org.generalvision.data.curate.Twins;
import scala.Tuple2;

/**
 * Curation as Spark jobs: executors look at the examples and hand over what they found. Twins are found by a shuffle of the finds, by
 * their first bytes, and a second one of the pairs, by their examples; the driver sees pairs only.
 *
 * @param context of the jobs
 */
public record SparkCuration(JavaSparkContext context) implements CurationEngine {
    /** Fewest examples of a task. */
    private static final int FEWEST = 64;

    @Override
    public void scan(CurationStep step, Look look, Scan.Sink<byte[]> sink) {
        JavaRDD<byte[]> finds = ranges(step).flatMap(range -> range.finds(look));
        long[] index = {0};
        inOrder(finds, find -> sink.accept(index[0]++, find));
    }

    @Override
    public void twins(CurationStep step, Look look, Runnable progress, Twins.Sink sink) {
        int tasks = tasks(step);
        JavaRDD<byte[]> records = ranges(step).flatMap(range -> range.records(look));
        JavaRDD<byte[]> pairs = sorted(records, Key.firstBytes(tasks)).mapPartitions(SparkCuration::pairs);
        inOrder(
                sorted(pairs, Key.index(tasks, step.source().size())),
                pair -> Twins.read(pair, sink));
        for (long i = 0; i < step.source().size(); i++) {
            progress.run();
        }
    }

    private static Iterator<byte[]> pairs(Iterator<byte[]> records) {
        Twins twins = new Twins();
        List<byte[]> pairs = new ArrayList<>();
        while (records.hasNext()) {
            twins.next(records.next()).ifPresent(pairs::add);
        }
        return pairs.iterator();
    }

    private JavaRDD<ExampleRange> ranges(CurationStep step) {
        long size = step.source().size();
        int tasks = tasks(step);
        List<ExampleRange> ranges = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            ranges.add(new ExampleRange(
                    step.directory().toAbsolutePath().toString(),
                    step.source().hash(),
                    size * i / tasks,
                    size * (i + 1) / tasks));
        }
        return context.parallelize(ranges, tasks);
    }

    private int tasks(CurationStep step) {
        long most = Math.max(1, step.source().size() / FEWEST);
        return (int) Math.min(most, (long) SparkEngine.TASKS_PER_CORE * context.defaultParallelism());
    }

    private static JavaRDD<byte[]> sorted(JavaRDD<byte[]> records, Key key) {
        JavaPairRDD<byte[], Boolean> keyed = records.mapToPair(record -> new Tuple2<>(record, true));
        return keyed.repartitionAndSortWithinPartitions(key, new BytesOrder()).keys();
    }

    /** All elements, one partition after another, so that the driver holds one at a time. */
    private static void inOrder(JavaRDD<byte[]> elements, Consumer<byte[]> consumer) {
        elements.persist(StorageLevel.MEMORY_AND_DISK_SER());
        try {
            elements.count();
            elements.toLocalIterator().forEachRemaining(consumer);
        } finally {
            elements.unpersist();
        }
    }

    /** The order of unsigned bytes. */
    private static final class BytesOrder implements Comparator<byte[]>, Serializable {
        @Override
        public int compare(byte[] a, byte[] b) {
            return Arrays.compareUnsigned(a, b);
        }
    }

    /** Spreads records so that those of a partition come, in order, before those of the next. */
    private static final class Key extends Partitioner {
        private final int partitions;
        private final int bytes;
        private final long values;

        private Key(int partitions, int bytes, long values) {
            this.partitions = partitions;
            this.bytes = bytes;
            this.values = values;
        }

        /** By the first bytes of a hash, which are as good as drawn. */
        static Key firstBytes(int partitions) {
            return new Key(partitions, Short.BYTES, 1L << Short.SIZE);
        }

        /** By a number from 0 to {@code values} - 1 in the first eight bytes. */
        static Key index(int partitions, long values) {
            return new Key(partitions, Long.BYTES, values);
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            long value = 0;
            for (int i = 0; i < bytes; i++) {
                value = value << Byte.SIZE | (((byte[]) key)[i] & 0xff);
            }
            return (int) Math.min(partitions - 1L, (long) ((double) value / values * partitions));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && key.partitions == partitions
                    && key.bytes == bytes
                    && key.values == values;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(values) * 31 + partitions;
        }
    }
}

package org.generalvision.data.plan;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.curate.NearDuplicates;
import org.generalvision.data.curate.RecordSorter;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.RecordShape;
import org.generalvision.data.shard.ShardPlanner;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.CollectionSource;
import org.jspecify.annotations.Nullable;

/**
 * Measures what the stages cost on this machine, one after another on the calling thread. Stages that see images are measured on groups
 * of records of similar size, which tells what a record costs and what a byte; sorting and searching are measured on random keys.
 */
public final class CostMeasurement {
    private static final int DISTANCE = 4;
    private static final int SECONDS = 1_000_000_000;

    private final SampleRecords sample;
    private final Path work;
    private final Effort effort;
    private final Runnable done;
    private final ProcessorTime time;

    /**
     * How much is done for a figure.
     *
     * @param roundNanos processor time of a round
     * @param run records of a sorted run; four of them are sorted, so that the sorter merges once
     * @param searched numbers of hashes
     */
    record Effort(long roundNanos, int run, List<Integer> searched) {
        private static final Effort FULL =
                new Effort(150_000_000, RecordSorter.RUN_RECORDS, List.of(1 << 18, 1 << 20, 1 << 21));
    }

    /**
     * A measurement that has not begun.
     *
     * @param examples of which the first 4,096 or 256 MB are taken
     * @param work folder for shards, archives and runs, which the caller removes
     * @param done runs after each of the {@link #numParts} parts
     * @throws IllegalArgumentException if fewer than 64 of them can be read
     */
    public CostMeasurement(Iterator<Example> examples, Path work, Runnable done) {
        this(examples, work, Effort.FULL, done);
    }

    CostMeasurement(Iterator<Example> examples, Path work, Effort effort, Runnable done) {
        sample = SampleRecords.of(examples);
        this.work = work;
        this.effort = effort;
        this.done = done;
        time = new ProcessorTime(effort.roundNanos());
    }

    /** Parts of a measurement. */
    public static int numParts() {
        return Stage.values().length + 3;
    }

    /**
     * Measures.
     *
     * @param source whose reading is measured beside that of a tar; null for the tar alone
     * @param machine what to call the machine
     * @param command what to call the measurement
     */
    public Costs run(@Nullable CollectionSource source, String machine, String command) {
        try {
            Rate read = rate(Stage.READ);
            if (source != null) {
                read = read.times(secondsOf(source) / read.seconds(1, SampleRecords.meanBytes(sample.examples())));
            }
            Rate hash = rate(Stage.HASH);
            Rate write = rate(Stage.WRITE);
            Rate readShards = rate(Stage.READ_SHARDS);
            Rate perceptualHash = rate(Stage.PERCEPTUAL_HASH);
            Rate decode = rate(Stage.DECODE);
            Rate survey = rate(Stage.SURVEY);
            Costs.Planning planning = planning();
            Costs.Sort sort = sort();
            Costs.Search search = search();
            return new Costs(
                    machine,
                    LocalDate.now(ZoneOffset.UTC).toString(),
                    command,
                    described(),
                    time.overhead(),
                    read,
                    hash,
                    write,
                    readShards,
                    perceptualHash,
                    decode,
                    survey,
                    planning,
                    sort,
                    search);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot measure in " + work, e);
        }
    }

    private Rate rate(Stage stage) throws IOException {
        List<Rate.Point> points = new ArrayList<>();
        for (List<Example> group : sample.groups()) {
            Path folder = Files.createTempDirectory(work, "stage");
            double seconds = time.seconds(stage.on(group, folder)) / group.size();
            points.add(new Rate.Point(SampleRecords.meanBytes(group), Math.max(seconds, Double.MIN_NORMAL)));
            MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
        }
        done.run();
        return Rate.fit(points);
    }

    /** Seconds for a record of a source, whatever its size, over as many as the sample has. */
    private double secondsOf(CollectionSource source) throws IOException {
        int count = sample.examples().size();
        return time.seconds(() -> {
                    int left = count;
                    for (Iterator<Candidate> items = source.iterator(); items.hasNext() && left > 0; left--) {
                        items.next();
                    }
                    source.close();
                })
                / count;
    }

    private Costs.Sample described() throws IOException {
        Path folder = work.resolve("described");
        long bytes = Stage.write(sample.examples(), folder).bytes();
        double image = SampleRecords.meanBytes(sample.examples());
        int records = sample.examples().size();
        return new Costs.Sample(records, image, Math.max(0, (double) bytes / records - image));
    }

    private Costs.Planning planning() throws IOException {
        byte[] shapes = Stage.shapes(sample.examples());
        int records = sample.examples().size();
        double seconds = time.seconds(() -> {
            ShardPlanner planner = new ShardPlanner(ShardWriter.DEFAULT_SHARD_BYTES);
            try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(shapes))) {
                for (int i = 0; i < records; i++) {
                    planner.add(RecordShape.readFrom(input));
                }
            }
        });
        done.run();
        return new Costs.Planning(seconds / records, (double) shapes.length / records);
    }

    private Costs.Sort sort() throws IOException {
        List<Double> adding = new ArrayList<>();
        List<Double> merging = new ArrayList<>();
        RandomGenerator random = RandomStream.of(0, 0, 0, "sort");
        int records = 4 * effort.run();
        for (int round = 0; round < 4; round++) {
            Path folder = Files.createTempDirectory(work, "sort");
            RecordSorter sorter = new RecordSorter(folder, ExternalSort.RECORD_BYTES, effort.run());
            adding.add(once(() -> {
                for (int i = 0; i < records; i++) {
                    byte[] key = new byte[ExternalSort.RECORD_BYTES];
                    random.nextBytes(key);
                    sorter.add(key);
                }
            }));
            merging.add(once(() -> sorter.drain(key -> {})));
        }
        done.run();
        return new Costs.Sort(later(adding) / records, later(merging) / records);
    }

    private Costs.Search search() throws IOException {
        List<Rate.Point> points = new ArrayList<>();
        RandomGenerator random = RandomStream.of(0, 0, 0, "search");
        for (int records : effort.searched()) {
            long[] hashes = random.longs(records).toArray();
            double seconds = later(List.of(searched(hashes), searched(hashes), searched(hashes)));
            points.add(new Rate.Point(records, seconds / records));
        }
        done.run();
        // Seconds for a record, where the other records take the place of the bytes.
        Rate rate = Rate.fit(points);
        return new Costs.Search(rate.secondsPerRecord(), rate.secondsPerByte());
    }

    private double searched(long[] hashes) throws IOException {
        return once(() -> {
            if (NearDuplicates.removals(hashes, DISTANCE, Comparator.naturalOrder())
                            .size()
                    > hashes.length) {
                throw new IllegalStateException("more was removed than there is");
            }
        });
    }

    private static double once(ProcessorTime.Work piece) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        piece.run();
        return (double) (threads.getCurrentThreadCpuTime() - begin) / SECONDS;
    }

    /** The median of all rounds but the first, which warms up. */
    private static double later(List<Double> rounds) {
        List<Double> sorted = rounds.subList(1, rounds.size()).stream().sorted().toList();
        return sorted.get((sorted.size() - 1) / 2);
    }
}

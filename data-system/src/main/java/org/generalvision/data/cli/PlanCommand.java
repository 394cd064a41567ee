package org.generalvision.data.cli;

import com.google.common.collect.AbstractIterator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.example.Example;
import org.generalvision.data.plan.CostMeasurement;
import org.generalvision.data.plan.Costs;
import org.generalvision.data.plan.Plan;
import org.generalvision.data.plan.Scale;
import org.generalvision.data.shard.Durable;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data plan}: what a data set of a size takes, before anybody starts on it. */
@Command(
        name = "plan",
        description = {
            "Print what it takes to build, curate and read a data set: processor time, bytes, memory, shards.",
            "The costs are those that come with the project, or those of a file that was measured on your machine and"
                    + " records: gv data plan --measure DIR --out costs.yaml."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the specification before it calls.
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--records",
            split = ",",
            defaultValue = "10000000,1000000000,10000000000",
            paramLabel = "N",
            description = "Sizes to plan for, separated by commas or repeated (default ${DEFAULT-VALUE}).")
    private List<Long> records;

    @Option(
            names = "--bytes-per-record",
            paramLabel = "BYTES",
            description = "Mean size of an encoded image (default: that of the sample that costs were measured on).")
    private @Nullable Double bytesPerRecord;

    @Option(
            names = "--cores",
            defaultValue = "64",
            paramLabel = "N",
            description = "Cores that work where a step can use several (default ${DEFAULT-VALUE}).")
    private int cores;

    @Option(
            names = "--shard-bytes",
            paramLabel = "BYTES",
            description = "Size at which a shard is closed (default " + ShardWriter.DEFAULT_SHARD_BYTES + ").")
    private long shardBytes = ShardWriter.DEFAULT_SHARD_BYTES;

    @Option(
            names = "--costs",
            paramLabel = "FILE",
            description = "File of measured costs (default: the one that comes with the project).")
    private @Nullable Path costs;

    @Option(
            names = "--measure",
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description =
                    "Measure costs on the first 4,096 records or 256 MB of a directory of shards, instead of planning; or"
                            + " name a collection with --from and --source. Takes a minute or two.")
    private @Nullable Location measured;

    @Mixin
    private SourceOptions source;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            converter = LocalConverter.class,
            description = "Where the measured costs are written; a file that is there is replaced.")
    private @Nullable Path out;

    @Option(
            names = "--machine",
            paramLabel = "TEXT",
            description = "What the file of costs calls this machine (default: system, architecture and cores).")
    private @Nullable String machine;

    @Option(names = "--json", description = "Print costs and plans as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (measured == null && !source.areGiven()) {
            if (out != null || machine != null) {
                throw new IllegalArgumentException("--out and --machine belong to a measurement: name what to measure"
                        + " on with --measure DIR, or --from and --source");
            }
            print(costs == null ? Costs.shipped() : Costs.load(costs));
            return 0;
        }
        if (out == null) {
            throw new IllegalArgumentException("A measurement needs --out: the file of costs to write");
        }
        if (costs != null || (measured != null && source.areGiven())) {
            throw new IllegalArgumentException("Name one of --measure, --costs, or --from with --source");
        }
        OutputPath.requireWritable(out);
        write(measured != null ? measureShards(measured) : measureSource(), out);
        return 0;
    }

    private Costs measureShards(Location directory) {
        try (CuratedSource shards = CuratedSource.open(directory)) {
            Iterator<Example> examples =
                    LongStream.range(0, shards.size()).mapToObj(shards::get).iterator();
            return measure(examples, null);
        }
    }

    private Costs measureSource() {
        try (CollectionSource collection = source.config().open()) {
            Iterator<Candidate> candidates = collection.iterator();
            Iterator<Example> examples = new AbstractIterator<>() {
                @Override
                protected @Nullable Example computeNext() {
                    while (candidates.hasNext()) {
                        if (candidates.next() instanceof Candidate.Accepted accepted) {
                            return accepted.example();
                        }
                    }
                    return endOfData();
                }
            };
            return measure(examples, collection);
        }
    }

    private Costs measure(Iterator<Example> examples, @Nullable CollectionSource collection) {
        try (TemporaryFolder work = TemporaryFolder.create("plan");
                ProgressReport progress = ProgressReport.start("Measuring", CostMeasurement.numParts(), "stages")) {
            return new CostMeasurement(examples, work.path(), progress::step).run(collection, machine(), command());
        }
    }

    private String command() {
        return spec.commandLine().getParseResult().originalArgs().stream()
                .map(argument -> argument.contains(" ") ? "'" + argument + "'" : argument)
                .collect(Collectors.joining(" ", "gv ", ""));
    }

    private String machine() {
        return machine != null
                ? machine
                : "%s %s, %d cores, Java %s"
                        .formatted(
                                System.getProperty("os.name"),
                                System.getProperty("os.arch"),
                                Runtime.getRuntime().availableProcessors(),
                                System.getProperty("java.version"));
    }

    private void write(Costs found, Path file) {
        try {
            Durable.write(file.toAbsolutePath(), found.text().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
        if (json) {
            DataCommand.printJson(spec, found);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf("costs are written to %s; plan with them: gv data plan --costs %s%n", file, file);
        }
    }

    /** What is printed as JSON. */
    private record Document(Costs costs, List<Plan> plans) {}

    private void print(Costs known) {
        double bytes = bytesPerRecord == null ? known.sample().bytesPerRecord() : bytesPerRecord;
        List<Plan> plans = records.stream()
                .map(number -> Plan.of(known, new Scale(number, bytes, cores, shardBytes)))
                .toList();
        if (json) {
            DataCommand.printJson(spec, new Document(known, plans));
        } else {
            PlanTable table = new PlanTable(spec.commandLine().getOut());
            plans.forEach(table::print);
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "%nCosts: %s, %s, on %,d records of %,.0f bytes (%s).%n",
                            known.machine(),
                            known.date(),
                            known.sample().records(),
                            known.sample().bytesPerRecord(),
                            known.command());
        }
    }
}

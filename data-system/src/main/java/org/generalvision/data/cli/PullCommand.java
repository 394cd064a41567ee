package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CurationSteps;
import org.generalvision.data.shard.ShardPull;
import org.generalvision.data.store.Location;
import org.generalvision.data.store.S3Location;
import org.generalvision.data.store.S3Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data pull}: a directory of shards out of a bucket. */
@Command(
        name = "pull",
        description = {
            "Copy a directory of shards, and its curation steps, from a bucket to this machine.",
            "Reading needs no copy: other commands and recipes take s3://BUCKET/FOLDER for a directory of shards. A"
                    + " pull that was cut short goes on where it ended."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "LOCATION",
            converter = LocationConverter.class,
            description = "Where from: s3://BUCKET/FOLDER, with ?endpoint=URL&region=NAME where need be.")
    private Location from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            converter = OutputConverter.class,
            description = "Directory to make; must not exist.")
    private Path to;

    @Option(names = "--json", description = "Print what was done as JSON.")
    private boolean json;

    /** The document of {@code --json}. */
    record Result(String hash, long examples, int shards, long bytes) {}

    @Override
    public Integer call() {
        Result result;
        try (S3Store store = S3Store.open(bucket("--from", from))) {
            ShardPull pull = new ShardPull(store, to);
            long bytes = pull.manifest().bytes();
            try (ByteProgress progress = new ByteProgress("Pulling " + from, bytes)) {
                pull.run(CurationSteps.FOLDER, CurationSteps::isList, progress::add);
                progress.finish();
            }
            int shards = pull.manifest().shards().size();
            result = new Result(pull.hash(), pull.manifest().examples(), shards, bytes);
        }
        if (json) {
            DataCommand.printJson(spec, result);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: %d examples in %d shards, %,d bytes, manifest %s%n",
                            to, result.examples(), result.shards(), result.bytes(), result.hash());
        }
        return 0;
    }

    static S3Location bucket(String option, Location location) {
        if (location instanceof S3Location bucket) {
            return bucket;
        }
        throw new IllegalArgumentException(
                "%s must be s3://BUCKET/FOLDER, not %s: a directory of this machine is copied with cp"
                        .formatted(option, location));
    }
}

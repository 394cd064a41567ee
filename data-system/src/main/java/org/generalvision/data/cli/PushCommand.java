package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CurationSteps;
import org.generalvision.data.shard.ShardPush;
import org.generalvision.data.store.Location;
import org.generalvision.data.store.S3Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gv data push}: a directory of shards into a bucket. */
@Command(
        name = "push",
        description = {
            "Copy a directory of shards, and the curation steps in force, into a bucket.",
            "What is there with the same checksum is not sent again, and the manifest comes last: a push that was cut"
                    + " short is not taken for whole, and goes on where it ended."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class PushCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR",
            converter = LocalConverter.class,
            description = "Directory of shards.")
    private Path from;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "LOCATION",
            converter = LocationConverter.class,
            description = "Where to: s3://BUCKET/FOLDER, with ?endpoint=URL&region=NAME where need be.")
    private Location to;

    @Option(names = "--replace", description = "Overwrite another data set that is there.")
    private boolean replace;

    @Option(names = "--json", description = "Print what was done as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<String> steps = new CurationSteps(from)
                .active().stream().map(list -> CurationSteps.path(list.name())).toList();
        ShardPush.Result result;
        try (S3Store store = S3Store.open(PullCommand.bucket("--to", to))) {
            ShardPush push = new ShardPush(from, store, steps);
            try (ByteProgress progress =
                    new ByteProgress("Pushing " + from, push.manifest().bytes())) {
                result = push.run(CurationSteps.FOLDER, replace, progress::add);
                progress.finish();
            }
        }
        if (json) {
            DataCommand.printJson(spec, result);
        } else {
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: %d examples in %d shards, %,d bytes; %d shards sent, the others were there; %d"
                                    + " curation steps; manifest %s%n",
                            to,
                            result.examples(),
                            result.shards(),
                            result.bytes(),
                            result.sent(),
                            result.steps(),
                            result.hash());
        }
        return 0;
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CompactCopy;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.store.Location;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data compact}: what curation has left, as a directory of its own. */
@Command(
        name = "compact",
        description = "Write what the curation steps have left of a directory into a new one.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class CompactCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER.")
    private Location directory;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "NEW",
            converter = OutputConverter.class,
            description = "Directory to make; must not exist.")
    private Path out;

    @Option(
            names = "--shard-bytes",
            description = "Size at which a shard is closed (default ${DEFAULT-VALUE}).",
            defaultValue = "" + ShardWriter.DEFAULT_SHARD_BYTES)
    private long shardBytes;

    @Option(names = "--json", description = "Print the new manifest as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        CompactCopy copy = new CompactCopy(out, shardBytes);
        try (CuratedSource source = CuratedSource.open(directory);
                ProgressReport progress = ProgressReport.start("Writing " + out, source.size(), "examples")) {
            Manifest manifest = copy.of(source, progress::step);
            if (json) {
                DataCommand.printJson(spec, manifest);
            } else {
                spec.commandLine()
                        .getOut()
                        .printf("%s: %d examples, %d left out%n", out, manifest.examples(), source.removed());
            }
        }
        return 0;
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.HashList;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data hashes}: the list that {@code gv data gate} compares with. */
@Command(
        name = "hashes",
        description = "Write the hashes of all images of a directory, for gv data gate: one JSON object per line.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class HashesCommand implements Callable<Integer> {
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
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = "List to write.")
    private Path out;

    @Option(names = "--set", description = "Name of the set in the list (default: the directory's).")
    private @Nullable String set;

    @Option(names = "--json", description = "Print the counts as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        String name = set == null ? directory.name() : set;
        try (CuratedSource source = CuratedSource.open(directory);
                ProgressReport progress = ProgressReport.start("Hashing " + directory, source.size(), "images")) {
            long unreadable = HashList.write(out, name, source, progress::step);
            long written = source.size() - unreadable;
            if (json) {
                DataCommand.printJson(spec, Map.of("set", name, "images", written, "unreadable", unreadable));
            } else {
                spec.commandLine()
                        .getOut()
                        .printf("%s: %d images of %s, %d could not be read%n", out, written, name, unreadable);
            }
        }
        return 0;
    }
}

package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.generalvision.data.check.DataCheck;
import org.generalvision.data.check.Findings;
import org.generalvision.data.check.Hierarchy;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.label.DataMapping;
import org.generalvision.data.label.LabelDirectory;
import org.generalvision.data.label.LabelMappings;
import org.generalvision.data.label.LabelSystem;
import org.generalvision.data.source.CollectionSource;
import org.generalvision.data.source.Split;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data check}: what is wrong with data, before any training. */
@Command(
        name = "check",
        description = {
            "Look through data for what spoils training: damaged shards, missing files, unreadable images, boxes"
                    + " outside of images or without area, classes out of range, masks and depth of another size, labels"
                    + " that contradict each other, ids and images that occur twice, images that leak from another split.",
            "Takes a directory of shards, or with --from and --source a collection before it is built."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:no errors, though there may be warnings", "1:failed", "2:errors were found, or bad usage"},
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private static final int FAULTY = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER, without what curation steps have removed.")
    private @Nullable Location directory;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Option(
            names = "--decode",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Decode all images and depth maps (default), or read their headers only, which is faster.")
    private boolean decode;

    @Option(
            names = "--against",
            arity = "1..*",
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description =
                    "Directories of shards of other splits: no image may be in them too. Images that only look the"
                            + " same are found by gv data gate.")
    private List<Location> against = List.of();

    @Option(
            names = "--against-split",
            paramLabel = "SPLIT",
            description = "With --from: another split of the same collection, in the same way; may be repeated.")
    private List<Split> againstSplits = List.of();

    @Option(
            names = "--labels",
            paramLabel = "DIR",
            description =
                    "Label system to which the labels are mapped: a label must not be present where one above it is"
                            + " absent, and labels above each other do not contradict.")
    private @Nullable Path labels;

    @Option(
            names = "--mapping",
            paramLabel = "NAME",
            description = "Name of the data set in the label system (default: that of the directory).")
    private @Nullable String mapping;

    @Option(names = "--show", description = "Findings of each kind to name (default ${DEFAULT-VALUE}).")
    private int show = 5;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if ((directory == null) == !source.areGiven()) {
            throw new IllegalArgumentException(
                    "Name either a directory of shards, or a collection with --from and --source");
        }
        DataCheck.Result result;
        try (DataCheck check = new DataCheck(decode, Set.copyOf(source.classNames()), hierarchy(), show)) {
            nameOthers(check);
            result = directory == null ? checkCollection(check) : checkShards(check, directory);
        }
        if (json) {
            DataCommand.printJson(spec, result);
        } else {
            print(result, spec.commandLine().getOut());
        }
        return result.errors() == 0 ? 0 : FAULTY;
    }

    private void nameOthers(DataCheck check) {
        for (Location other : against) {
            try (CuratedSource shards = CuratedSource.open(other);
                    ProgressReport progress = ProgressReport.start("Reading " + other, shards.size(), "examples")) {
                check.against(other.toString(), shards, progress::step);
            }
        }
        if (directory != null && !againstSplits.isEmpty()) {
            throw new IllegalArgumentException(
                    "--against-split goes with --from and --source; for a directory name others with --against");
        }
        for (Split other : againstSplits) {
            try (CollectionSource collection = source.config(other).open();
                    ProgressReport progress =
                            ProgressReport.start("Reading " + other.lowerName(), collection.size(), "items")) {
                check.against(other.lowerName(), collection, progress::step);
            }
        }
    }

    private static DataCheck.Result checkShards(DataCheck check, Location directory) {
        try (CuratedSource shards = CuratedSource.open(directory);
                ProgressReport progress = ProgressReport.start("Checking " + directory, shards.size(), "examples")) {
            return check.run(directory.toString(), shards, progress::step);
        }
    }

    private DataCheck.Result checkCollection(DataCheck check) {
        try (CollectionSource collection = source.config().open();
                ProgressReport progress =
                        ProgressReport.start("Checking " + source.path(), collection.size(), "items")) {
            return check.run(source.path().toString(), collection, progress::step);
        }
    }

    private Hierarchy hierarchy() {
        if (labels == null) {
            return Hierarchy.NONE;
        }
        LabelDirectory labelDirectory = LabelDirectory.open(labels);
        LabelSystem system = labelDirectory.load();
        String name = mapping != null ? mapping : dataName();
        DataMapping mapped =
                new LabelMappings(labelDirectory, system).log().replay().get(name);
        if (mapped == null) {
            throw new IllegalArgumentException(
                    "%s has no mapping of %s: make it with gv data labels map --labels %s --data DIR --name %s, or name another with --mapping"
                            .formatted(labels, name, labels, name));
        }
        return Hierarchy.of(system, mapped);
    }

    private String dataName() {
        return directory == null ? SourceOptions.lastName(source.path()) : directory.name();
    }

    private static void print(DataCheck.Result result, PrintWriter output) {
        output.printf(
                "%s: %,d examples, %,d errors, %,d warnings%n",
                result.data(), result.examples(), result.errors(), result.warnings());
        for (Findings.Finding finding : result.findings()) {
            output.printf(
                    "%-7s %-21s %,8d  %s%n", finding.severity(), finding.rule(), finding.count(), finding.meaning());
            finding.first().forEach(place -> output.printf("          %s: %s%n", place.id(), place.detail()));
            if (finding.count() > finding.first().size()) {
                output.printf(
                        "          and %,d more%n",
                        finding.count() - finding.first().size());
            }
        }
        result.leftOut().forEach((rule, count) -> output.printf("left out: %d (%s)%n", count, rule));
    }
}

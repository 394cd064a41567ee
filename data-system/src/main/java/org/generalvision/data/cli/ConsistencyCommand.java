package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.curate.Consistency;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.example.Embedder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code gv data consistency}: no captions that do not fit their image. */
@Command(
        name = "consistency",
        description = {
            "Remove examples whose caption does not fit the image, by the cosine of their embeddings.",
            "Name a limit with --below, or a share of all with --bottom; with both, what either removes goes."
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class ConsistencyCommand extends CurationCommand {
    @ParentCommand
    private DataCommand data;

    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "RUN",
            description = "Checkpoint or run directory of a model of images and texts.")
    private Path checkpoint;

    @Option(names = "--below", paramLabel = "COSINE", description = "Smallest cosine that stays, in [-1, 1].")
    private @Nullable Double below;

    @Option(
            names = "--bottom",
            defaultValue = "0",
            paramLabel = "SHARE",
            description = "Share of the examples that goes, those with the smallest cosines, in [0, 1).")
    private double bottom;

    @Override
    String step() {
        return "consistency";
    }

    @Override
    Map<String, Object> settings() {
        Map<String, Object> settings = new TreeMap<>(Map.of("checkpoint", checkpoint.toString(), "bottom", bottom));
        if (below != null) {
            settings.put("below", below);
        }
        return settings;
    }

    @Override
    void run(CurationStep step, Runnable progress) {
        Consistency consistency = new Consistency(below, bottom);
        try (Embedder embedder = data.embedder(checkpoint)) {
            consistency.run(step, embedder, progress);
        }
    }
}

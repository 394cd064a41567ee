package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.curate.ClassScores;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.Rectification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data rectify}: no images outside of what their label means. */
@Command(
        name = "rectify",
        description = {
            "Remove images that lie outside of what their label means.",
            "Three classes: noise (no object), covariate shift (too small or unusable), semantic shift (another object)."
                    + " Class scores, as gv data score writes them, tell noise and semantic shift; size and boxes tell"
                    + " covariate shift."
        })
final class RectifyCommand extends CurationCommand {
    @Option(names = "--scores", paramLabel = "FILE", description = "JSON lines {\"id\":..,\"scores\":{CLASS:P,..}}.")
    private @Nullable Path scores;

    @Option(
            names = "--noise-below",
            defaultValue = "0.05",
            paramLabel = "P",
            description = "Noise: the most probable class has less (default ${DEFAULT-VALUE}).")
    private double noiseBelow;

    @Option(
            names = "--shift-above",
            defaultValue = "0.9",
            paramLabel = "P",
            description = "Semantic shift: a class that is no label has at least this (default ${DEFAULT-VALUE}) ...")
    private double shiftAbove;

    @Option(
            names = "--own-below",
            defaultValue = "0.01",
            paramLabel = "P",
            description = "... and the labels together have less than this (default ${DEFAULT-VALUE}).")
    private double ownBelow;

    @Option(
            names = "--min-side",
            defaultValue = "16",
            paramLabel = "PIXELS",
            description = "Covariate shift: the shorter side is shorter (default ${DEFAULT-VALUE}).")
    private int minSide;

    @Option(
            names = "--min-object",
            defaultValue = "0.001",
            paramLabel = "SHARE",
            description = "Covariate shift: the largest box covers less of the image (default ${DEFAULT-VALUE}).")
    private double minObject;

    @Override
    String step() {
        return "rectification";
    }

    @Override
    Map<String, Object> settings() {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "noiseBelow", noiseBelow,
                "shiftAbove", shiftAbove,
                "ownBelow", ownBelow,
                "minSide", minSide,
                "minObject", minObject));
        if (scores != null) {
            settings.put("scores", scores.toString());
        }
        return settings;
    }

    @Override
    void run(CurationStep step, Runnable progress) {
        Rectification rectification = new Rectification(noiseBelow, shiftAbove, ownBelow, minSide, minObject);
        rectification.run(step, scores == null ? Map.of() : ClassScores.read(scores), progress);
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.generalvision.data.curate.ContaminationGate;
import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.HashList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data gate}: no image of a benchmark's test sets in the data. */
@Command(
        name = "gate",
        description = {
            "Remove what is, or looks the same as, an image of given hash lists, such as a benchmark's test images.",
            "With --refuse nothing is removed, and the exit status is 1 if there is any such image."
        })
@SuppressWarnings("NullAway.Init") // picocli sets required options before it calls.
final class GateCommand extends SharedCurationCommand {
    private static final int REFUSED = 1;

    @Option(
            names = "--against",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Hash lists, as gv data hashes writes them.")
    private List<Path> against;

    @Option(
            names = "--distance",
            defaultValue = "4",
            paramLabel = "BITS",
            description = "Bits of 64 in which the perceptual hashes may differ, 0 to 16 (default ${DEFAULT-VALUE}).")
    private int distance;

    @Option(names = "--refuse", description = "Only tell, and fail if anything is found.")
    private boolean refuse;

    @Override
    String step() {
        return "contamination";
    }

    @Override
    Map<String, Object> settings() {
        return Map.of("against", against.stream().map(Path::toString).toList(), "distance", distance);
    }

    @Override
    void run(CurationStep step, CurationEngine worker, Runnable progress) {
        new ContaminationGate(
                        against.stream()
                                .flatMap(file -> HashList.read(file).stream())
                                .toList(),
                        distance)
                .run(step, worker, progress);
    }

    @Override
    public Integer call() {
        dry |= refuse;
        return super.call();
    }

    @Override
    int statusOf(CurationStep.Outcome outcome) {
        return refuse && outcome.removed() > 0 ? REFUSED : 0;
    }
}

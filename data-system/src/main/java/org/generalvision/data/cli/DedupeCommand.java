package org.generalvision.data.cli;

import java.util.Map;
import org.generalvision.data.curate.CurationStep;
import org.generalvision.data.curate.ExactDuplicates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data dedupe}: all but one of images that are the same. */
@Command(
        name = "dedupe",
        description = {
            "Remove all but one of the images that are the same.",
            "Kept is the one with most annotations, of those the first."
        })
final class DedupeCommand extends CurationCommand {
    @Option(
            names = "--by",
            defaultValue = "bytes",
            description = {
                "What has to be the same (default ${DEFAULT-VALUE}): bytes (the encoded file), pixels (what it decodes to)."
            })
    private ExactDuplicates.Content by;

    @Override
    String step() {
        return "exact-duplicates";
    }

    @Override
    Map<String, Object> settings() {
        return Map.of("by", by.name());
    }

    @Override
    void run(CurationStep step, Runnable progress) {
        new ExactDuplicates(by).run(step, progress);
    }
}

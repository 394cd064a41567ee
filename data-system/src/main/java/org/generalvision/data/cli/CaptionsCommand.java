package org.generalvision.data.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.generalvision.data.curate.CaptionFilter;
import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.curate.CurationStep;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gv data captions}: no captions that describe nothing. */
@Command(
        name = "captions",
        description = {
            "Remove examples whose captions do not describe a picture.",
            "Faults: too few or many words, few letters, one word again and again, addresses, markup, file names, phrases of"
                    + " web pages, another script than the language's, words of a block list. An example goes only if each"
                    + " of its captions has a fault."
        })
final class CaptionsCommand extends SharedCurationCommand {
    @Option(names = "--min-words", defaultValue = "1", description = "Fewest words (default ${DEFAULT-VALUE}).")
    private int minWords;

    @Option(names = "--max-words", defaultValue = "100", description = "Most words (default ${DEFAULT-VALUE}).")
    private int maxWords;

    @Option(
            names = "--min-letters",
            defaultValue = "0.5",
            paramLabel = "SHARE",
            description = "Smallest share of letters among what is not space (default ${DEFAULT-VALUE}).")
    private double minLetters;

    @Option(
            names = "--max-repetition",
            defaultValue = "0.5",
            paramLabel = "SHARE",
            description = "Largest share of one word, in captions of four words or more (default ${DEFAULT-VALUE}).")
    private double maxRepetition;

    @Option(
            names = "--blocklist",
            paramLabel = "FILE",
            description = "Words and phrases that may not occur, one per line; lines with # are comments.")
    private @Nullable Path blocklist;

    @Override
    String step() {
        return "captions";
    }

    @Override
    Map<String, Object> settings() {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "minWords", minWords,
                "maxWords", maxWords,
                "minLetters", minLetters,
                "maxRepetition", maxRepetition));
        if (blocklist != null) {
            settings.put("blocklist", blocklist.toString());
        }
        return settings;
    }

    @Override
    void run(CurationStep step, CurationEngine worker, Runnable progress) {
        Set<String> blocked = blocklist == null ? Set.of() : read(blocklist);
        new CaptionFilter(minWords, maxWords, minLetters, maxRepetition, blocked).run(step, worker, progress);
    }

    private static Set<String> read(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(CaptionFilter::normalized)
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the block list " + file, e);
        }
    }
}

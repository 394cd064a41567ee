package org.generalvision.benchmark.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a training went, from its {@code timing.jsonl}, added up over interruptions.
 *
 * @param seconds of the loop, with evaluations and checkpoints
 * @param waitSeconds of them, spent waiting for data
 * @param megabytes largest memory of the process that was logged
 */
record RunFigures(double seconds, double waitSeconds, double megabytes) {
    private static final JsonMapper JSON = new JsonMapper();

    static RunFigures read(Path runDirectory) {
        Path file = runDirectory.resolve("timing.jsonl");
        double seconds = 0;
        double waitSeconds = 0;
        double megabytes = 0;
        // The clock starts anew when a run is continued.
        double secondsBefore = 0;
        double waitBefore = 0;
        try {
            for (String text : Files.readAllLines(file)) {
                JsonNode line = JSON.readTree(text);
                double now = line.path("time/seconds").asDouble();
                double wait = line.path("time/dataWaitSeconds").asDouble();
                boolean continued = now < secondsBefore;
                seconds += continued ? now : now - secondsBefore;
                waitSeconds += continued ? wait : wait - waitBefore;
                megabytes =
                        Math.max(megabytes, line.path("time/residentMegabytes").asDouble());
                secondsBefore = now;
                waitBefore = wait;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        return new RunFigures(seconds, waitSeconds, megabytes);
    }

    /** Share of the time spent waiting for data, from 0 to 1. */
    double dataWait() {
        return seconds == 0 ? 0 : waitSeconds / seconds;
    }
}

package org.generalvision.train;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.metanet.cli.StopSignals;

/** Trains the toy method in a process of its own, slowly enough to be killed in the middle. */
final class ToyProcess {
    static final long STEPS = 120;
    private static final long STEP_MILLIS = 10;

    private ToyProcess() {}

    static TrainConfig config(boolean frozenNorm) {
        return Toy.config(STEPS, 5).withFreeze(frozenNorm ? List.of("norm") : List.of());
    }

    static Process start(Path run, boolean frozenNorm, File output) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(ToyProcess.class.getName(), run.toString(), Boolean.toString(frozenNorm)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
    }

    public static void main(String[] args) {
        try (StopSignals signals = StopSignals.listen()) {
            Toy.train(config(Boolean.parseBoolean(args[1])), Path.of(args[0]), signals.request(), step -> {
                try {
                    Thread.sleep(STEP_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            System.exit(signals.exitStatus());
        }
    }
}

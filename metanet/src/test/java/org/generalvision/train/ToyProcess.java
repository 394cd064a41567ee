package org.generalvision.train;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Trains the toy method in a process of its own, slowly enough to be killed in the middle. */
final class ToyProcess {
    static final long STEPS = 120;
    private static final long STEP_MILLIS = 10;

    private ToyProcess() {}

    static TrainConfig config() {
        return Toy.config(STEPS, 5);
    }

    static Process start(Path run, File output) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Doffline=true",
                "-Dai.djl.pytorch.graph_optimizer=false",
                "-DOPT_OUT_TRACKING=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ToyProcess.class.getName(),
                run.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                .start();
    }

    public static void main(String[] args) {
        try (StopRequest stop = StopRequest.onShutdown()) {
            Toy.train(config(), Path.of(args[0]), stop, step -> {
                try {
                    Thread.sleep(STEP_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}

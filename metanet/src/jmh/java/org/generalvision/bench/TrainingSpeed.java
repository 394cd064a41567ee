package org.generalvision.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.generalvision.train.OurContender;

/**
 * Compares training steps: ours, DJL's own blocks with DJL's {@code Trainer}, and PyTorch in Python. Every contender is a
 * process with the same number of threads; rounds alternate, so that a machine whose speed drifts is fair to all; the
 * figure is the median over rounds of the ratio within a round, with the second smallest and second largest as interval.
 *
 * <p>Usage: NETWORK (hybrid or resnet50) PRECISION (float32 or mixed) [rounds] [steps a round] [threads]
 */
public final class TrainingSpeed {
    private TrainingSpeed() {}

    /** A contender's process and the seconds of its rounds. */
    private record Side(String name, Process process, List<Double> seconds) {
        Side(String name, Process process) {
            this(name, process, new ArrayList<>());
        }
    }

    public static void main(String[] args) throws IOException {
        String network = args[0];
        String precision = args[1];
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        int steps = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        int threads = args.length > 4 ? Integer.parseInt(args[4]) : Runtime.getRuntime().availableProcessors();
        List<Side> sides = start(network, precision, threads);
        for (int round = 0; round < rounds; round++) {
            List<Side> order = new ArrayList<>(sides);
            Collections.rotate(order, round);
            for (Side side : order) {
                side.seconds().add(run(side.process(), steps));
            }
        }
        sides.forEach(side -> side.process().destroy());
        int batch = network.equals("hybrid") ? 16 : 8;
        System.out.printf(
                "%s, %s, batch %d, %d threads, %d rounds of %d steps%n",
                network, precision, batch, threads, rounds, steps);
        sides.forEach(side -> report(side, sides.get(0), steps * batch));
    }

    private static List<Side> start(String network, String precision, int threads) throws IOException {
        List<Side> sides = new ArrayList<>();
        sides.add(new Side("ours", java(OurContender.class, threads, network, precision)));
        if (precision.equals("float32")) {
            sides.add(new Side("DJL Trainer", java(DjlContender.class, threads, network)));
        }
        Path python = Path.of("/usr/bin/python3");
        if (Files.isExecutable(python) && hasTorch(python)) {
            ProcessBuilder command = new ProcessBuilder(
                    python.toString(),
                    "src/jmh/python/training_speed.py",
                    network,
                    precision,
                    Integer.toString(threads));
            sides.add(new Side(
                    "PyTorch",
                    command.redirectError(ProcessBuilder.Redirect.INHERIT).start()));
        }
        for (Side side : sides) {
            if (!"ready".equals(side.process().inputReader().readLine())) {
                throw new IllegalStateException(side.name() + " did not start");
            }
        }
        return sides;
    }

    private static boolean hasTorch(Path python) throws IOException {
        Process process = new ProcessBuilder(python.toString(), "-c", "import torch, torchvision")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Process java(Class<?> main, int threads, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Doffline=true",
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.pytorch.graph_optimizer=false",
                "-Dai.djl.pytorch.num_threads=" + threads,
                main.getName()));
        command.addAll(Arrays.asList(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static double run(Process process, int steps) {
        try {
            Writer orders = process.outputWriter();
            orders.write(steps + "\n");
            orders.flush();
            return Double.parseDouble(process.inputReader().readLine());
        } catch (IOException e) {
            throw new UncheckedIOException("A contender has died", e);
        }
    }

    private static void report(Side side, Side ours, int images) {
        double[] rates = side.seconds().stream().mapToDouble(t -> images / t).sorted().toArray();
        double[] ratios = IntStream.range(0, rates.length)
                .mapToDouble(i -> side.seconds().get(i) / ours.seconds().get(i))
                .sorted()
                .toArray();
        System.out.printf(
                "%-12s %6.2f images/s;  ours / this: median %.3f, interval [%.3f, %.3f]%n",
                side.name(),
                median(rates),
                median(ratios),
                ratios[Math.min(1, ratios.length - 1)],
                ratios[Math.max(0, ratios.length - 2)]);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

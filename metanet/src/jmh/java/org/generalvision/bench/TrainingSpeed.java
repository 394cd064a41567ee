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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.generalvision.train.OurContender;

/**
 * Compares training steps: ours, DJL's own blocks with DJL's {@code Trainer}, and PyTorch in Python. Every contender is a
 * process with the same number of threads; rounds alternate, so that a machine whose speed drifts is fair to all; the
 * figure is the median over rounds of the ratio within a round, with the second smallest and second largest as interval.
 *
 * <p>Usage: NETWORK (hybrid or resnet50) PRECISION (float32 or mixed) [rounds] [steps a round] [threads]
 */
public final class TrainingSpeed {
    private static final Map<String, Integer> BATCH = Map.of("hybrid", 16, "resnet50", 8);

    private TrainingSpeed() {}

    public static void main(String[] args) throws IOException {
        String network = args[0];
        String precision = args[1];
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        int steps = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        int threads = args.length > 4 ? Integer.parseInt(args[4]) : Runtime.getRuntime().availableProcessors();
        Map<String, Process> contenders = start(network, precision, threads);
        Map<String, double[]> seconds = new LinkedHashMap<>();
        contenders.keySet().forEach(name -> seconds.put(name, new double[rounds]));
        for (int round = 0; round < rounds; round++) {
            List<String> order = new ArrayList<>(contenders.keySet());
            java.util.Collections.rotate(order, round);
            for (String name : order) {
                seconds.get(name)[round] = run(contenders.get(name), steps);
            }
        }
        contenders.values().forEach(Process::destroy);
        report(network, precision, threads, steps, seconds);
    }

    private static Map<String, Process> start(String network, String precision, int threads) throws IOException {
        Map<String, Process> contenders = new LinkedHashMap<>();
        contenders.put("ours", java(OurContender.class, threads, network, precision));
        if (precision.equals("float32")) {
            contenders.put("DJL Trainer", java(DjlContender.class, threads, network));
        }
        Path python = Path.of("/usr/bin/python3");
        if (Files.isExecutable(python) && hasTorch(python)) {
            contenders.put("PyTorch", new ProcessBuilder(
                            python.toString(),
                            "src/jmh/python/training_speed.py",
                            network,
                            precision,
                            Integer.toString(threads))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }
        for (Map.Entry<String, Process> contender : contenders.entrySet()) {
            if (!"ready".equals(contender.getValue().inputReader().readLine())) {
                throw new IllegalStateException(contender.getKey() + " did not start");
            }
        }
        return contenders;
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

    private static void report(
            String network, String precision, int threads, int steps, Map<String, double[]> seconds) {
        int batch = BATCH.get(network);
        System.out.printf(
                "%s, %s, batch %d, %d threads, %d rounds of %d steps%n",
                network, precision, batch, threads, seconds.get("ours").length, steps);
        seconds.forEach((name, values) -> {
            double[] rates =
                    Arrays.stream(values).map(s -> steps * batch / s).sorted().toArray();
            double[] ratios = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                ratios[i] = values[i] / seconds.get("ours")[i];
            }
            Arrays.sort(ratios);
            System.out.printf(
                    "%-12s %6.2f images/s;  ours / this: median %.3f, interval [%.3f, %.3f]%n",
                    name, median(rates), median(ratios), ratios[Math.min(1, ratios.length - 1)],
                    ratios[Math.max(0, ratios.length - 2)]);
        });
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

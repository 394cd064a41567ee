package org.generalvision.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.generalvision.nn.Cost;
import org.generalvision.nn.Precision;
import org.generalvision.train.OurContender;

/**
 * Compares training steps or forward passes: ours, DJL's own blocks with DJL's {@code Trainer}, and PyTorch in Python with
 * channels last and in row-major order. Every contender is a process with the same number of threads; rounds alternate, so
 * that a machine whose speed drifts is fair to all; the figure is the median over rounds of the ratio within a round, with
 * the second smallest and second largest as interval. On a busy machine read the ratio of processor time, with one thread:
 * with more, time spent waiting for one another counts too.
 *
 * <p>DJL's blocks and {@code Trainer} have no mixed precision: beside a mixed run of the others theirs is in float32, and said
 * to be.
 *
 * <p>Each starts as its users start it: ours with the memory settings of the launcher {@code gv}, the others with none. What
 * these settings alone do shows in a second DJL process that has them too. All wait for their threads in the default way.
 *
 * <p>Usage: NETWORK (hybrid or a name of the zoo) PRECISION (float32 or mixed) [rounds] [steps a round] [threads] [train or
 * forward]
 */
public final class TrainingSpeed {
    private static final Path LAUNCHER = Path.of("../gv");
    private static final Pattern SETTING =
            Pattern.compile("export (MALLOC_[A-Z_]+|GLIBC_TUNABLES)=\"\\$\\{\\1:-([^}]*)}\"");

    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private TrainingSpeed() {}

    /** A contender's process, and the seconds and the processor seconds of its rounds. */
    private record Side(String name, Process process, List<Double> seconds, List<Double> processor) {
        Side(String name, Process process) {
            this(name, process, new ArrayList<>(), new ArrayList<>());
        }

        void run(int steps) {
            double before = processorSeconds();
            try {
                Writer orders = process.outputWriter();
                orders.write(steps + "\n");
                orders.flush();
                seconds.add(Double.parseDouble(process.inputReader().readLine()));
            } catch (IOException e) {
                throw new UncheckedIOException(name + " has died", e);
            }
            processor.add(processorSeconds() - before);
        }

        private double processorSeconds() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
        }
    }

    public static void main(String[] args) throws IOException {
        Subject subject = Subject.of(args[0], args[1], args.length > 5 ? args[5] : "train");
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        int steps = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        int threads = args.length > 4 ? Integer.parseInt(args[4]) : Runtime.getRuntime().availableProcessors();
        List<Side> sides = start(subject, threads);
        for (int round = 0; round < rounds; round++) {
            List<Side> order = new ArrayList<>(sides);
            Collections.rotate(order, round);
            for (Side side : order) {
                side.run(steps);
            }
        }
        sides.forEach(side -> side.process().destroy());
        int batch = Math.toIntExact(subject.input().get(0));
        System.out.printf(
                "%s, batch %d, %d threads, %d rounds of %d steps%n",
                String.join(" ", subject.arguments()), batch, threads, rounds, steps);
        sides.forEach(side -> report(side, sides.get(0), steps * batch));
    }

    private static List<Side> start(Subject subject, int threads) throws IOException {
        List<Side> sides = new ArrayList<>();
        Map<String, String> settings = launcherSettings();
        sides.add(new Side("ours", java(OurContender.class, threads, subject, settings)));
        if (DjlContender.knows(subject)) {
            String djl = subject.precision() == Precision.FLOAT32 ? "DJL" : "DJL in float32";
            sides.add(new Side(djl, java(DjlContender.class, threads, subject, Map.of())));
            sides.add(new Side(djl + ", our settings", java(DjlContender.class, threads, subject, settings)));
        }
        if (Files.isExecutable(PYTHON) && python("torch, torchvision")) {
            for (String format : List.of("channels-last", "row-major")) {
                sides.add(new Side("PyTorch, " + format, torch(subject, threads, format)));
            }
        }
        for (Side side : sides) {
            if (!"ready".equals(side.process().inputReader().readLine())) {
                throw new IllegalStateException(side.name() + " did not start");
            }
        }
        return sides;
    }

    /** What the launcher puts into the environment of every run for the sake of memory. */
    private static Map<String, String> launcherSettings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        for (String line : Files.readAllLines(LAUNCHER)) {
            Matcher matcher = SETTING.matcher(line);
            if (matcher.matches()) {
                settings.put(matcher.group(1), matcher.group(2));
            }
        }
        if (settings.isEmpty()) {
            throw new IllegalStateException(LAUNCHER.toAbsolutePath() + " sets no environment");
        }
        return settings;
    }

    private static Process torch(Subject subject, int threads, String format) throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON.toString(), "src/jmh/python/training_speed.py"));
        command.addAll(List.of(subject.arguments()));
        // It refuses to run a network of another size than ours.
        command.addAll(List.of(Integer.toString(threads), format, Long.toString(Cost.parameters(subject.create()))));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OPENBLAS_NUM_THREADS", Integer.toString(threads));
        return builder.start();
    }

    private static boolean python(String modules) throws IOException {
        Process process = new ProcessBuilder(PYTHON.toString(), "-c", "import " + modules)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Process java(Class<?> main, int threads, Subject subject, Map<String, String> environment)
            throws IOException {
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
        command.addAll(List.of(subject.arguments()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void report(Side side, Side ours, int images) {
        double[] rates = side.seconds().stream().mapToDouble(t -> images / t).sorted().toArray();
        System.out.printf(
                "%-28s %6.2f images/s;  this / ours: time %s, processor time %s%n",
                side.name(),
                median(rates),
                ratios(side.seconds(), ours.seconds()),
                ratios(side.processor(), ours.processor()));
    }

    private static String ratios(List<Double> theirs, List<Double> ours) {
        double[] ratios = IntStream.range(0, ours.size())
                .mapToDouble(i -> theirs.get(i) / ours.get(i))
                .sorted()
                .toArray();
        return "%.3f [%.3f, %.3f]"
                .formatted(median(ratios), ratios[Math.min(1, ratios.length - 1)], ratios[Math.max(0, ratios.length - 2)]);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

package org.generalvision.upstream.head;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares Faster R-CNN's heads with torchvision's: proposals over a pyramid of 256 channels for 2 images of 384 x 384, RoIAlign,
 * box head of width 1024 and 80 classes, suppression; the same maps and parameters on both sides. Each side is a process with the
 * same number of threads, rounds alternate, and the figure is the median over rounds of the ratio within a round, with the second
 * smallest and second largest as interval.
 *
 * <p>Usage, in the folder of the module: WORK (train, which is losses and their gradients, or forward, up to the detections) [rounds]
 * [steps a round] [threads] [Python with torchvision]
 */
public final class DetectionSpeed {
    private DetectionSpeed() {}

    /** A contender's process and the seconds of its rounds. */
    private record Side(String name, Process process, List<Double> seconds) {
        String read() {
            try {
                return String.valueOf(process.inputReader().readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(name + " has died", e);
            }
        }

        void run(int steps) {
            try {
                Writer orders = process.outputWriter();
                orders.write(steps + "\n");
                orders.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(name + " has died", e);
            }
            seconds.add(Double.parseDouble(read()));
        }
    }

    public static void main(String[] args) throws IOException {
        String work = args[0];
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        int steps = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        String threads = args.length > 3 ? args[3] : "1";
        String python = args.length > 4 ? args[4] : "/usr/bin/python3";
        Path file = Files.createTempFile("detection", ".safetensors");
        Files.delete(file);
        DetectionContender.write(file);
        Side ours = start("ours", java(file, work, threads), threads);
        Side theirs = start(
                "torchvision",
                List.of(python, "src/jmh/python/detection_speed.py", file.toString(), work, threads),
                threads);
        try {
            System.out.printf("%s, %s threads: ours %s, torchvision %s%n", work, threads, ours.read(), theirs.read());
            for (int round = 0; round < rounds; round++) {
                (round % 2 == 0 ? List.of(ours, theirs) : List.of(theirs, ours)).forEach(side -> side.run(steps));
            }
        } finally {
            ours.process.destroy();
            theirs.process.destroy();
            Files.delete(file);
        }
        double[] ratios = IntStream.range(0, rounds)
                .mapToDouble(i -> ours.seconds.get(i) / theirs.seconds.get(i))
                .sorted()
                .toArray();
        System.out.printf(
                "ours / torchvision: %.3f [%.3f, %.3f]%n",
                ratios[rounds / 2], ratios[Math.min(1, rounds - 1)], ratios[Math.max(0, rounds - 2)]);
    }

    private static Side start(String name, List<String> command, String threads) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OPENBLAS_NUM_THREADS", threads);
        return new Side(name, builder.start(), new ArrayList<>());
    }

    private static List<String> java(Path file, String work, String threads) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Doffline=true",
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.pytorch.graph_optimizer=false",
                "-Dai.djl.pytorch.num_threads=" + threads,
                DetectionContender.class.getName(),
                file.toString(),
                work);
    }
}

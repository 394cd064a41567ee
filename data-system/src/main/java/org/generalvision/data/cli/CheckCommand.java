package org.generalvision.data.cli;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data check}: whether a directory of shards is whole and readable. */
@Command(
        name = "check",
        description = "Compare shards with their manifest and checksums, and read every example.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class CheckCommand implements Callable<Integer> {
    private static final int NAMED_FAULTS = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Directory of shards.")
    private Path directory;

    @Option(names = "--decode", description = "Decode every image, and compare boxes and masks with its size.")
    private boolean decode;

    private final StringBuilder faults = new StringBuilder();
    private long faultCount;

    @Override
    public Integer call() {
        try (ShardReader reader = ShardReader.open(directory);
                ProgressReport progress = ProgressReport.start("Checking " + directory, reader.size(), "examples")) {
            for (int shard = 0; shard < reader.manifest().shards().size(); shard++) {
                reader.verify(shard);
            }
            for (long i = 0; i < reader.size(); i++) {
                Example example = reader.get(i);
                if (decode) {
                    check(example);
                }
                progress.step();
            }
            if (faultCount > 0) {
                throw new IllegalArgumentException("%d of %d examples of %s are faulty:%s; build it again without them"
                        .formatted(faultCount, reader.size(), directory, faults));
            }
            spec.commandLine().getOut().printf("%s is whole: %d examples%n", directory, reader.size());
        }
        return 0;
    }

    private void check(Example example) {
        ByteBuffer bytes = example.image();
        if (!bytes.hasRemaining()) {
            fault(example, "has an empty image");
            return;
        }
        try (BytePointer pointer = new BytePointer(bytes);
                Mat encoded = new Mat(1, bytes.remaining(), opencv_core.CV_8UC1, pointer);
                Mat image = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_UNCHANGED)) {
            if (image.empty()) {
                fault(example, "has an image that cannot be decoded");
                return;
            }
            double width = image.cols();
            double height = image.rows();
            if (example.boxes().stream()
                    .anyMatch(box -> box.x1() < 0 || box.y1() < 0 || box.x2() > width || box.y2() > height)) {
                fault(example, "has a box outside its image of %s x %s".formatted(image.cols(), image.rows()));
            } else if (example.masks().stream().anyMatch(mask -> mask.width() != width || mask.height() != height)) {
                fault(example, "has a mask of another size than its image");
            }
        }
    }

    private void fault(Example example, String what) {
        if (faultCount++ < NAMED_FAULTS) {
            faults.append(' ').append(example.id()).append(' ').append(what).append(',');
        }
    }
}

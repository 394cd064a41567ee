package org.generalvision.data.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.generalvision.data.example.Example;
import org.generalvision.data.inspect.ContactSheet;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.store.Location;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data sheet}: examples on one picture. */
@Command(
        name = "sheet",
        description =
                "Draw examples of a directory of shards on one PNG: boxes, masks, and depth from red (near) to blue.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class SheetCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            converter = LocationConverter.class,
            description = "Directory of shards, or s3://BUCKET/FOLDER.")
    private Location directory;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            converter = OutputConverter.class,
            description = "PNG to make; must not exist.")
    private Path out;

    @Option(names = "--first", description = "First example (default ${DEFAULT-VALUE}).", defaultValue = "0")
    private long first;

    @Option(names = "--count", description = "Examples to draw (default ${DEFAULT-VALUE}).", defaultValue = "24")
    private int count;

    @Option(names = "--columns", description = "Examples in a row (default ${DEFAULT-VALUE}).", defaultValue = "4")
    private int columns;

    @Option(names = "--pixels", description = "Side of a picture (default ${DEFAULT-VALUE}).", defaultValue = "192")
    private int pixels;

    @Override
    public Integer call() {
        if (count < 1 || columns < 1 || pixels < 16 || first < 0) {
            throw new IllegalArgumentException(
                    "--count and --columns must be at least 1, --pixels at least 16, --first at least 0: %d, %d, %d, %d"
                            .formatted(count, columns, pixels, first));
        }
        if (Files.exists(out)) {
            throw new IllegalArgumentException(out + " exists and is not overwritten: name another one or remove it");
        }
        try (ShardReader reader = ShardReader.open(directory)) {
            List<Example> examples = LongStream.range(first, Math.min(reader.size(), first + count))
                    .mapToObj(reader::get)
                    .toList();
            if (examples.isEmpty()) {
                throw new IllegalArgumentException(
                        "%s has %d examples, none from %d on".formatted(directory, reader.size(), first));
            }
            ImageIO.write(ContactSheet.of(examples, columns, pixels), "png", out.toFile());
            spec.commandLine().getOut().printf("%s: %d examples of %s%n", out, examples.size(), directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + out, e);
        }
        return 0;
    }
}

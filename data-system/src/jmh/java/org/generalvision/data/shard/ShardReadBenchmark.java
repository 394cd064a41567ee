package org.generalvision.data.shard;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.generalvision.data.example.Example;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Random reads of 3,000 examples of 123 KB in shards of 128 MiB, page cache warm. One operation is one example. Heap and page
 * cache need 1 GB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgs = {"--add-opens=java.base/java.nio=ALL-UNNAMED", "-Xmx1g"})
public class ShardReadBenchmark {
    private static final int EXAMPLES = 3000;
    private static final int IMAGE_BYTES = 123_000;

    private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final byte[] copy = new byte[IMAGE_BYTES];
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // JMH calls the setup before any benchmark.
    private ShardReader reader;

    @Setup
    public void write() throws IOException {
        directory = Files.createTempDirectory("shard-read");
        try (ShardWriter writer = ShardWriter.create(directory, 128 << 20)) {
            for (int i = 0; i < EXAMPLES; i++) {
                random.nextBytes(copy);
                writer.add(Example.builder("folder/" + i + ".jpg", ByteBuffer.wrap(copy), "made-up", "CC0-1.0")
                        .captions(List.of(new Example.Caption("an image of random bytes, number " + i, "en")))
                        .labels(List.of("noise"))
                        .build());
            }
            writer.finish();
        }
        reader = ShardReader.open(directory);
        for (long i = 0; i < EXAMPLES; i++) {
            reader.get(i).image().get(copy);
        }
    }

    /** The record, its image as a view of mapped memory that nobody reads yet. */
    @Benchmark
    public Example view() {
        return reader.get(random.nextInt(EXAMPLES));
    }

    /** The record and every byte of its image, as a decoder reads them. */
    @Benchmark
    public byte[] bytes() {
        ByteBuffer image = reader.get(random.nextInt(EXAMPLES)).image();
        image.duplicate().get(copy);
        return copy;
    }

    @TearDown
    public void delete() throws IOException {
        reader.close();
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
}

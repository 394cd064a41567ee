package org.generalvision.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFuzzTest {
    private static final int MUTATIONS_PER_SEED = 200;

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 12);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMutatedFileIsReadOrRefusedInWordsAndNothingElse(long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            byte[] original = original(manager);
            Path path = folder.resolve("mutated.safetensors");
            int refused = 0;
            for (int i = 0; i < MUTATIONS_PER_SEED; i++) {
                byte[] mutated = mutate(original, random);
                Files.write(path, mutated);
                try (SafetensorsFile file = SafetensorsFile.open(path);
                        NDManager scratch = manager.newSubManager()) {
                    file.names().forEach(name -> file.read(name, scratch));
                } catch (IllegalArgumentException e) {
                    refused++;
                    assertThat(e).hasMessageContaining("not a valid safetensors file: ");
                } catch (RuntimeException e) {
                    fail("seed " + seed + ", mutation " + i + ": " + Arrays.toString(mutated), e);
                }
            }
            assertThat(refused).isGreaterThan(MUTATIONS_PER_SEED / 4);
        }
    }

    private byte[] original(NDManager manager) throws IOException {
        Path path = folder.resolve("original.safetensors");
        SafetensorsWriter.write(
                path,
                new TreeMap<>(Map.of(
                        "a.weight", manager.ones(new Shape(2, 3)),
                        "b", manager.create(new boolean[] {true, false}),
                        "c", manager.create(7L))),
                Map.of("format", "pt"));
        return Files.readAllBytes(path);
    }

    /** Flips, replaces, inserts, removes, copies or cuts; mostly in the header, where the meaning is. */
    private static byte[] mutate(byte[] original, RandomGenerator random) {
        int at = random.nextInt(random.nextInt(4) == 0 ? original.length : original.length - 34);
        int length = 1 + random.nextInt(8);
        byte[] head = Arrays.copyOf(original, at);
        byte[] tail = Arrays.copyOfRange(original, at, original.length);
        switch (random.nextInt(6)) {
            case 0 -> tail[0] ^= (byte) (1 << random.nextInt(8));
            case 1 -> tail[0] = (byte) "0123456789{}[]\",:-e. \\".charAt(random.nextInt(22));
            case 2 -> head = Arrays.copyOf(head, at + length);
            case 3 -> tail = Arrays.copyOfRange(tail, Math.min(length, tail.length), tail.length);
            case 4 -> head = Arrays.copyOfRange(original, 0, Math.min(original.length, at + length));
            default -> tail = new byte[0];
        }
        byte[] joined = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, joined, head.length, tail.length);
        return joined;
    }
}

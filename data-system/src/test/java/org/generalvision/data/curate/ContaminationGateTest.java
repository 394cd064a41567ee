package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContaminationGateTest {
    private static final String SHA256 = "0".repeat(64);

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @Test
    void plantedTestImagesAreFoundWhateverWasDoneToThem() throws IOException {
        BufferedImage planted = Pictures.photo(100, 180, 240);
        List<Example> test = new ArrayList<>();
        IntStream.range(100, 110)
                .forEach(seed -> test.add(
                        Shards.example("test-" + seed, Pictures.png(Pictures.photo(seed, 180, 240)), List.of())));
        test.add(Shards.example("broken", Shards.bytes("no image"), List.of()));
        Path list = hashes(Shards.write(folder.resolve("test"), test), 1);

        List<Example> training = new ArrayList<>();
        IntStream.range(0, 30)
                .forEach(seed -> training.add(
                        Shards.example("good-" + seed, Pictures.png(Pictures.photo(seed, 180, 240)), List.of())));
        training.add(Shards.example("copied", Pictures.png(planted), List.of()));
        training.add(Shards.example("encoded anew", Pictures.jpeg(planted), List.of()));
        training.add(Shards.example("resized", Pictures.jpeg(PerceptualHashTest.resized(planted, 120, 96)), List.of()));
        Path directory = Shards.write(folder.resolve("training"), training);
        try (CurationStep step = CurationStep.begin(directory, "contamination", Map.of(), false)) {
            new ContaminationGate(HashList.read(list), 4).run(step, CurationEngine.oneProcess(), () -> {});
            CurationStep.Outcome outcome = step.finish();
            assertThat(outcome.reasons())
                    .isEqualTo(Map.of(
                            "equal bytes as an image of fashion", 1L, "looks the same as an image of fashion", 2L));
            assertThat(outcome.first())
                    .allSatisfy(removal -> assertThat(removal.evidence()).containsEntry("known", "test-100"));
        }
        assertThat(Shards.ids(directory)).hasSize(30).allMatch(id -> id.startsWith("good"));
    }

    private Path hashes(Path directory, long unreadable) {
        Path list = folder.resolve("list.jsonl");
        try (CuratedSource source = CuratedSource.open(directory)) {
            assertThat(HashList.write(list, "fashion", source, () -> {})).isEqualTo(unreadable);
        }
        return list;
    }

    @Test
    void listsAreReadAsJsonAndAsCsv() throws IOException {
        Path file = folder.resolve("list");
        Files.writeString(file, """
                set,id,sha256,phash
                faces,a, b.png,%s,00000000000000ff

                faces,"with ""quotes\""",%s,00000000000000fF
                {"set":"faces","id":"c","sha256":"%s","phash":"00000000000000ff"}
                """.formatted(SHA256, SHA256, SHA256));
        List<KnownImage> images = HashList.read(file);
        assertThat(images).extracting(KnownImage::id).containsExactly("a, b.png", "with \"quotes\"", "c");
        assertThat(images).allMatch(image -> image.perceptualHash() == 255);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faces,a,12,00000000000000ff",
                "faces,a",
                "a,b,c",
                "{\"set\":\"s\",\"id\":\"i\"}",
                "{\"set\":\"s\",\"id\":\"i\",\"sha256\":5,\"phash\":\"00000000000000ff\"}",
                "{",
                ",a,0000000000000000000000000000000000000000000000000000000000000000,00000000000000ff"
            })
    void malformedLinesAreNamed(String line) throws IOException {
        Path file = folder.resolve("list");
        Files.writeString(file, "s,i," + SHA256 + ",00000000000000ff\n" + line + "\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HashList.read(file))
                .withMessageContaining(file + ", line 2, is not a line of a hash list");
    }

    @Test
    void anEmptyListIsNotAFreePass() throws IOException {
        Path file = folder.resolve("list");
        Files.writeString(file, "set,id,sha256,phash\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HashList.read(file))
                .withMessageContaining("lists no image");
        Files.write(file, new byte[] {(byte) 0xFF, 0, 1});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HashList.read(file))
                .withMessageContaining("not UTF-8");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aMutatedListIsReadOrRefusedByLine(long seed) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] bytes = ("set,id,sha256,phash\ns,i," + SHA256
                        + ",00000000000000ff\n{\"set\":\"s\",\"id\":\"i\",\"sha256\":\"" + SHA256
                        + "\",\"phash\":\"00000000000000ff\"}\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        Path file = folder.resolve("list");
        Files.write(file, bytes);
        try {
            assertThat(HashList.read(file)).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(file.toString());
        }
    }
}

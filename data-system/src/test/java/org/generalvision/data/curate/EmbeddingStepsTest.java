package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps that look at embeddings; an image here is its angle in degrees as text, and so is a caption. */
class EmbeddingStepsTest {
    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @Test
    void captionsThatDoNotFitGo() {
        Path directory = angles("0 0", "0 50", "10 100", "20 20", "x 90", "30 ");
        try (CurationStep step = CurationStep.begin(directory, "consistency", Map.of(), false)) {
            new Consistency(0.5, 0).run(step, new Angles(), () -> {});
            CurationStep.Outcome outcome = step.finish();
            assertThat(outcome.first()).extracting(Removal::index).containsExactly(2L);
            assertThat(outcome.first().get(0).evidence())
                    .hasEntrySatisfying(
                            "cosine", cosine -> assertThat((Double) cosine).isBetween(-1e-6, 1e-6));
        }
        assertThat(Shards.ids(directory)).containsExactly("e0", "e1", "e3", "e4", "e5");
    }

    @Test
    void theBottomShareIsOneOfWhatHasAScore() {
        Path directory = angles("0 0", "0 50", "10 100", "20 20", "x 90", "30 ");
        try (CurationStep step = CurationStep.begin(directory, "consistency", Map.of(), false)) {
            new Consistency(null, 0.5).run(step, new Angles(), () -> {});
            assertThat(step.finish().first()).extracting(Removal::index).containsExactly(1L, 2L);
        }
    }

    @Test
    void consistencyNeedsALimit() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Consistency(null, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Consistency(1.5, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Consistency(null, 1));
    }

    @Test
    void imagesThatMeanTheSameGo() {
        Path directory = angles("0 ", "90 ", "1 ", "x ", "x ", "91 ", "180 ");
        try (CurationStep step = CurationStep.begin(directory, "embedding-duplicates", Map.of(), false)) {
            new EmbeddingDuplicates(0.99).run(step, new Angles(), () -> {});
            step.finish();
        }
        assertThat(Shards.ids(directory)).containsExactly("e0", "e1", "e3", "e4", "e6");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void blocksFindWhatComparingAllWithAllFinds(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        // More than a block for the last seeds.
        float[][] vectors = new float[1 + (int) seed * 120][3];
        for (float[] vector : vectors) {
            for (int i = 0; i < vector.length; i++) {
                vector[i] = random.nextInt(9) - 4;
            }
            Vectors.normalize(vector);
        }
        Set<Integer> gone = new HashSet<>();
        new EmbeddingDuplicates(0.99)
                .removals(vectors, Comparator.naturalOrder())
                .forEach(pair -> {
                    assertThat(Vectors.dot(vectors[pair[0]], vectors[pair[1]])).isGreaterThan(0.9899);
                    gone.add(pair[0]);
                });
        for (int i = 0; i < vectors.length; i++) {
            for (int j = 0; j < i; j++) {
                assertThat(!gone.contains(i) && !gone.contains(j) && Vectors.dot(vectors[i], vectors[j]) > 0.9901)
                        .isFalse();
            }
        }
    }

    /** Unit vectors in clusters, each ninth a slight change of another one, each 500th equal to the first, some no numbers. */
    private static float[][] clustered(int count) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        float[][] centers = new float[count / 50][24];
        for (float[] center : centers) {
            for (int k = 0; k < center.length; k++) {
                center[k] = (float) random.nextGaussian();
            }
        }
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            boolean change = i % 9 == 8;
            vectors[i] = (change ? vectors[random.nextInt(i)] : centers[random.nextInt(centers.length)]).clone();
            for (int k = 0; k < vectors[i].length; k++) {
                vectors[i][k] += (float) ((change ? 0.05 : 0.5) * random.nextGaussian());
            }
            Vectors.normalize(vectors[i]);
        }
        for (int i = 0; i < count; i += 500) {
            vectors[i] = vectors[0].clone();
        }
        Arrays.fill(vectors[7], Float.NaN);
        Arrays.fill(vectors[77], Float.NaN);
        return vectors;
    }

    private static Set<Integer> gone(Groups groups, float[][] vectors) {
        Set<Integer> gone = new HashSet<>();
        Duplicates.in(groups, Comparator.naturalOrder(), (a, b) -> Vectors.dot(vectors[a], vectors[b]) >= 0.95 - 1e-6)
                .forEach(pair -> gone.add(pair[0]));
        return gone;
    }

    @Test
    void theGraphFindsNearlyAllThatComparingAllPairsFindsAndNothingElse() {
        float[][] vectors = clustered(3000);
        Set<Integer> all = gone(AllPairs.groups(vectors, 0.95), vectors);
        Set<Integer> found = gone(NeighborGraph.groups(vectors, 0.95), vectors);
        assertThat(all).hasSizeGreaterThan(250).doesNotContain(7, 77);
        assertThat(all).as("nothing else").containsAll(found);
        assertThat(found.size()).as("of %s", all.size()).isGreaterThan((int) (0.99 * all.size()));
        for (int i = 500; i < vectors.length; i += 500) {
            assertThat(found).as("equal to the first").contains(i);
        }
        assertThat(gone(NeighborGraph.groups(vectors, 0.95), vectors))
                .as("again")
                .isEqualTo(found);
    }

    @Test
    void theGraphFindsAllOfManyThatAreNearAtOnePlace() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(4);
        float[][] vectors = new float[700][8];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i][i < 400 ? 0 : 1] = 1;
            for (int k = 0; k < 8; k++) {
                vectors[i][k] += (float) (0.02 * random.nextGaussian());
            }
            Vectors.normalize(vectors[i]);
        }
        Groups groups = NeighborGraph.groups(vectors, 0.95);
        for (int i = 0; i < vectors.length; i++) {
            assertThat(groups.leader(i)).as("vector %d", i).isEqualTo(i < 400 ? 0 : 400);
        }
    }

    @Test
    void theGraphTakesNoneAndOne() {
        assertThat(gone(NeighborGraph.groups(new float[0][], 0.95), new float[0][]))
                .isEmpty();
        float[][] one = {{1, 0}, {Float.NaN, 0}};
        assertThat(gone(NeighborGraph.groups(one, 0.95), one)).isEmpty();
    }

    @Test
    void featuresComeFromAFile() throws IOException {
        Path directory = angles("0 ", "90 ", "1 ");
        Path file = features(
                "{\"features\":{\"dtype\":\"F32\",\"shape\":[3,2],\"data_offsets\":[0,24]}}", 2, 0, 0, 5, 2, 0);
        try (CurationStep step = CurationStep.begin(directory, "embedding-duplicates", Map.of(), false)) {
            new EmbeddingDuplicates(0.99).run(step, file, () -> {});
            assertThat(step.finish().first()).extracting(Removal::id).containsExactly("e2");
        }
        // The file has a row for each of three examples, but now two are left.
        try (CurationStep step = CurationStep.begin(directory, "embedding-duplicates", Map.of(), false)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new EmbeddingDuplicates(0.99).run(step, file, () -> {}))
                    .withMessageContaining("features of 3 examples, but there are 2");
        }
    }

    @Test
    void featuresOfAnotherSourceAreRefused() throws IOException {
        Path directory = angles("0 ", "90 ");
        Path file = features(
                "{\"__metadata__\":{\"source\":\"abc\"},\"features\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}",
                1,
                2);
        try (CuratedSource source = CuratedSource.open(directory)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> FeatureFile.read(file, source))
                    .withMessageContainingAll("hash abc", "make them again");
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void mutatedFeatureFilesAreReadOrRefused(long seed) throws IOException {
        Path directory = angles("0 ", "90 ");
        Path file = features("{\"features\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}", 1, 2);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        byte[] original = Files.readAllBytes(file);
        try (CuratedSource source = CuratedSource.open(directory)) {
            for (int round = 0; round < 50; round++) {
                byte[] bytes =
                        round % 5 == 0 ? Arrays.copyOf(original, random.nextInt(original.length)) : original.clone();
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                Files.write(file, bytes);
                try {
                    assertThat(FeatureFile.read(file, source)).hasNumberOfRows(2);
                } catch (IllegalArgumentException refused) {
                    assertThat(refused).hasMessageContaining(file.toString());
                }
            }
        }
    }

    private Path features(String header, float... values) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + json.length + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return Files.write(folder.resolve("features.safetensors"), bytes.array());
    }

    /** Each text is the angle of an image, a space, and the angle of its caption, or none. */
    private Path angles(String... angles) {
        List<Example> examples = new ArrayList<>();
        for (String pair : angles) {
            String[] parts = pair.split(" ", -1);
            examples.add(Shards.captioned("e" + examples.size(), Shards.bytes(parts[0]), parts[1], "en"));
        }
        return Shards.write(folder.resolve("shards"), examples);
    }

    /** Unit vectors of angles; x is no image. */
    private static final class Angles implements Embedder {
        @Override
        public String name() {
            return "angles";
        }

        @Override
        public int width() {
            return 2;
        }

        @Override
        public float[][] images(List<Example> examples) {
            return examples.stream()
                    .map(example -> vector(
                            StandardCharsets.UTF_8.decode(example.image()).toString()))
                    .toArray(float[][]::new);
        }

        @Override
        public float[][] texts(List<String> texts) {
            return texts.stream().map(Angles::vector).toArray(float[][]::new);
        }

        private static float[] vector(String degrees) {
            double angle = degrees.equals("x") ? Double.NaN : Math.toRadians(Double.parseDouble(degrees));
            return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
        }

        @Override
        public void close() {}
    }
}

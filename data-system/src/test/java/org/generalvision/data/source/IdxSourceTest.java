package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.generalvision.data.example.Example;
import org.generalvision.data.source.IdxSource.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxSourceTest {
    private static final Naming NAMING = new Naming("made-up", "MIT", List.of("zero", "one", "two"));

    @TempDir
    Path folder;

    @Test
    void imagesAndLabelsComeOutInOrder() throws IOException {
        Idx.collection(folder, "t10k", 30, 3);
        List<Example> examples = examples(Split.TEST, Sample.ALL);
        assertThat(examples).hasSize(30);
        for (int i = 0; i < 30; i++) {
            Example example = examples.get(i);
            assertThat(example.id()).isEqualTo("test/%05d".formatted(i));
            assertThat(example.labels()).containsExactly(NAMING.classes().get(i % 3));
            assertThat(example.licence()).isEqualTo("MIT");
            BufferedImage image = Pixels.decode(example.image());
            assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(3, 2);
            assertThat(image.getRaster().getSample(2, 1, 0)).isEqualTo(i);
        }
    }

    @Test
    void aShareIsDrawnFromEachClassAlikeAndBySeed() throws IOException {
        Idx.collection(folder, "train", 200, 3);
        List<Example> drawn = examples(Split.TRAIN, new Sample(0.2, 1));
        Map<String, Long> counts = drawn.stream()
                .collect(Collectors.groupingBy(example -> example.labels().get(0), Collectors.counting()));
        assertThat(counts).isEqualTo(Map.of("zero", 13L, "one", 13L, "two", 13L));
        assertThat(examples(Split.TRAIN, new Sample(0.2, 1))).isEqualTo(drawn);
        assertThat(examples(Split.TRAIN, new Sample(0.2, 2))).isNotEqualTo(drawn);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
    void aShareOutsideItsRangeIsRefused(double fraction) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Sample(fraction, 0))
                .withMessageContaining("fraction");
    }

    static Stream<Arguments> wrongFiles() throws IOException {
        byte[] good = Idx.file(8, new int[] {2, 2, 3}, new byte[12]);
        byte[] zipped = Idx.gzip(good);
        return Stream.of(
                Arguments.of("nothing", new byte[0], "ends too early"),
                Arguments.of("half a magic", Arrays.copyOf(good, 3), "ends too early"),
                Arguments.of("half a shape", Arrays.copyOf(good, 9), "ends too early"),
                Arguments.of("no magic", Svg.bytes("PNG and more"), "must begin with"),
                Arguments.of("floats", Idx.file(0x0d, new int[] {2, 2, 3}, new byte[12]), "must begin with"),
                Arguments.of("one dimension", Idx.file(8, new int[] {12}, new byte[12]), "must begin with"),
                Arguments.of("a value less", Arrays.copyOf(good, good.length - 1), "holds 11 of the 12 values"),
                Arguments.of("a value more", Arrays.copyOf(good, good.length + 1), "goes on after"),
                Arguments.of("no rows", Idx.file(8, new int[] {2, 0, 3}, new byte[0]), "must be positive"),
                Arguments.of("negative", Idx.file(8, new int[] {2, -2, 3}, new byte[12]), "must be positive"),
                Arguments.of(
                        "absurd",
                        Idx.file(8, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE}, new byte[1]),
                        "product of at most"),
                Arguments.of("half a gzip", Arrays.copyOf(zipped, zipped.length / 2), "ends too early"),
                Arguments.of("a broken gzip", broken(zipped), "IDX file"));
    }

    private static byte[] broken(byte[] zipped) {
        byte[] broken = zipped.clone();
        broken[zipped.length - 6] ^= 1;
        return broken;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongFiles")
    void aWrongFileIsRefused(String name, byte[] bytes, String message) throws IOException {
        Idx.collection(folder, "t10k", 2, 2);
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), bytes);
        assertThatIllegalArgumentException()
                .as(name)
                .isThrownBy(() -> examples(Split.TEST, Sample.ALL))
                .withMessageContainingAll("t10k-images-idx3-ubyte", message);
    }

    @Test
    void filesThatDoNotFitTogetherAreRefused() throws IOException {
        Idx.collection(folder, "t10k", 5, 3);
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), Idx.file(8, new int[] {4, 2, 3}, new byte[24]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> examples(Split.TEST, Sample.ALL))
                .withMessageContaining("4 images but 5 labels");
    }

    @Test
    void aLabelWithoutANameAMissingFileAndAMissingSplitAreRefused() throws IOException {
        Idx.collection(folder, "t10k", 5, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> examples(Split.TEST, Sample.ALL))
                .withMessageContaining("label 3, but there are 3 class names");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> examples(Split.TRAIN, Sample.ALL))
                .withMessageContaining("No train-images-idx3-ubyte");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> examples(Split.VALIDATION, Sample.ALL))
                .withMessageContaining("no validation");
    }

    private List<Example> examples(Split split, Sample sample) {
        IdxSource source = new IdxSource(folder, split, NAMING, sample);
        List<Example> examples = StreamSupport.stream(source.spliterator(), false)
                .map(candidate -> ((Candidate.Accepted) candidate).example())
                .toList();
        assertThat(source.size()).isEqualTo(examples.size());
        return examples;
    }
}

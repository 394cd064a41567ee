package org.generalvision.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactDuplicatesTest {
    @TempDir
    Path folder;

    @Test
    void theBestAnnotatedTwinStaysAndOfEqualOnesTheFirst() {
        Path directory = Shards.write(
                folder.resolve("shards"),
                List.of(
                        Shards.example("plain", Shards.bytes("x"), List.of()),
                        Shards.example("alone", Shards.bytes("y"), List.of()),
                        Shards.example("labelled", Shards.bytes("x"), List.of("cat")),
                        Shards.example("later", Shards.bytes("x"), List.of("dog")),
                        Shards.example("first of two", Shards.bytes("z"), List.of()),
                        Shards.example("second of two", Shards.bytes("z"), List.of())));
        CurationStep.Outcome outcome = dedupe(directory, ExactDuplicates.Content.bytes);
        assertThat(Shards.ids(directory)).containsExactly("alone", "labelled", "first of two");
        assertThat(outcome.reasons()).isEqualTo(Map.of("equal bytes", 3L));
        assertThat(outcome.first().get(0))
                .isEqualTo(new Removal(0, "plain", "equal bytes", Map.of("kept", "labelled", "keptIndex", 2L)));
    }

    @Test
    void asManyAreLeftAsThereAreDifferentContents() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
        List<String> contents = new ArrayList<>();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            String content = Integer.toString(random.nextInt(1500));
            contents.add(content);
            expected.add(content);
        }
        Path directory = Shards.ofContents(folder.resolve("shards"), contents);
        CurationStep.Outcome outcome = dedupe(directory, ExactDuplicates.Content.bytes);
        assertThat(outcome.removed()).isEqualTo(3000 - expected.size());
        List<String> left = Shards.ids(directory).stream()
                .map(id -> contents.get(Integer.parseInt(id.substring(1))))
                .toList();
        assertThat(left).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(dedupe(directory, ExactDuplicates.Content.bytes).removed()).isZero();
    }

    @Test
    void equalPixelsAreFoundInFilesThatDiffer() {
        var photo = Pictures.photo(1, 20, 30);
        ByteBuffer png = Pictures.png(photo);
        // Bytes after the end of a PNG change no pixel.
        ByteBuffer longer = ByteBuffer.allocate(png.remaining() + 1)
                .put(png.duplicate())
                .flip()
                .limit(png.remaining() + 1);
        List<Example> examples = List.of(
                Shards.example("png", png, List.of()),
                Shards.example("longer", longer, List.of()),
                Shards.example("other", Pictures.png(Pictures.photo(2, 20, 30)), List.of()),
                Shards.example("broken", Shards.bytes("no image"), List.of()),
                Shards.example("broken too", Shards.bytes("no image"), List.of()));
        Path directory = Shards.write(folder.resolve("shards"), examples);
        assertThat(dedupe(directory, ExactDuplicates.Content.pixels).removed()).isEqualTo(1);
        assertThat(Shards.ids(directory)).containsExactly("png", "other", "broken", "broken too");
    }

    private static CurationStep.Outcome dedupe(Path directory, ExactDuplicates.Content content) {
        try (CurationStep step = CurationStep.begin(directory, "exact-duplicates", Map.of(), false)) {
            int[] examples = {0};
            new ExactDuplicates(content).run(step, CurationEngine.oneProcess(), () -> examples[0]++);
            assertThat(examples[0]).isEqualTo((int) step.source().size());
            return step.finish();
        }
    }
}

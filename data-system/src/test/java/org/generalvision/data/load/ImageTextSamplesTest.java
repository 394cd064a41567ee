package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Longs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.Example;
import org.generalvision.data.text.BpeTrainer;
import org.generalvision.data.text.Synonyms;
import org.generalvision.data.text.TextAugmentation;
import org.generalvision.data.text.Tokenizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTextSamplesTest {
    private static final int SIZE = 12;
    private static final int CONTEXT = 16;
    private static final Tokenizer TOKENIZER = Tokenizer.of(
            BpeTrainer.train(Stream.generate(() -> "a picture number of waves").limit(10), 525)
                    .toJson());
    private static final ImageView VIEW = new ImageView(
            new RandomResizedCrop(16, 16, new Range(0.2, 1), new Range(0.75, 4 / 3.0)),
            List.of(),
            Pictures.identity(),
            Background.WHITE);
    private static final TextAugmentation EDA = new TextAugmentation(0.1, 0.3, 0.1);
    private static final ImageTextSamples BOTH = samples(List.of(VIEW, VIEW), List.of(TextAugmentation.NONE, EDA));

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        TOKENIZER.close();
    }

    private static ImageTextSamples samples(List<ImageView> images, List<TextAugmentation> texts) {
        return new ImageTextSamples(images, texts, Synonyms.NONE, TOKENIZER, CONTEXT);
    }

    private Loader loader(MemorySource source, SampleFormat format) {
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine.jsonl"), SIZE, 1);
        return new Loader(source, format, new LoaderConfig(5, 6, 2, 1, 1), quarantine);
    }

    @Test
    void batchHoldsTwoViewsOfImageAndText() {
        try (Loader loader = loader(MemorySource.ofPictures(SIZE), BOTH);
                NDManager manager = NDManager.newBaseManager()) {
            Batch batch = loader.next(manager);
            assertThat(batch.arrays()).containsOnlyKeys("image", "image2", "text", "text2", "caption");
            assertThat(batch.get("image").getShape()).isEqualTo(new Shape(6, 3, 16, 16));
            assertThat(batch.get("text").getShape()).isEqualTo(new Shape(6, CONTEXT));
            assertThat(batch.get("text").getDataType()).isEqualTo(DataType.INT64);
            assertThat(batch.get("caption").getShape()).isEqualTo(new Shape(6));
            assertThat(batch.get("image")).isNotEqualTo(batch.get("image2"));
            assertThat(batch.get("text")).isNotEqualTo(batch.get("text2"));
            for (int row = 0; row < 6; row++) {
                long[] tokens = batch.get("text").get(row).toLongArray();
                String caption = "A picture number " + batch.ids().get(row) + ", of waves";
                assertThat(tokens).containsExactly(TOKENIZER.encode(caption, CONTEXT));
            }
        }
    }

    @Test
    void secondViewsChangeNoDrawOfTheFirst() {
        ImageTextSamples one = samples(List.of(VIEW), List.of(TextAugmentation.NONE));
        // Stored without loss, so that the resolution of decoding is the same for one view and for two.
        MemorySource source = MemorySource.ofPictures(SIZE);
        IntStream.range(0, SIZE)
                .forEach(i -> source.replace(i, Pictures.png(Pictures.photo(i, 40, 40)), "picture " + i));
        try (Loader single = loader(source, one);
                Loader twofold = loader(source, BOTH);
                NDManager manager = NDManager.newBaseManager()) {
            Batch batch = single.next(manager);
            Batch both = twofold.next(manager);
            assertThat(batch.arrays()).containsOnlyKeys("image", "text", "caption");
            for (String name : batch.arrays().keySet()) {
                assertThat(batch.get(name)).as(name).isEqualTo(both.get(name));
            }
        }
    }

    @Test
    void equalCaptionsHaveEqualHashes() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        for (int i = 0; i < SIZE; i++) {
            source.replace(i, source.get(i).image(), i % 2 == 0 ? " A  red Cat" : "a red cat");
        }
        source.replace(0, source.get(0).image(), "a blue cat");
        try (Loader loader = loader(source, BOTH);
                NDManager manager = NDManager.newBaseManager()) {
            Batch first = loader.next(manager);
            Batch second = loader.next(manager);
            long[] hashes = first.get("caption").concat(second.get("caption")).toLongArray();
            assertThat(LongStream.of(hashes).distinct()).hasSize(2);
        }
    }

    private static final TextAugmentation REPLACE = new TextAugmentation(0, 0, 1);

    /** Knows two English words. */
    private enum FewWords implements Synonyms {
        ENGLISH;

        @Override
        public List<String> of(String word) {
            return word.equals("picture")
                    ? List.of("photo", "image", "view")
                    : word.equals("waves") ? List.of("water", "sea") : List.of();
        }

        @Override
        public boolean speak(String captionLanguage) {
            return captionLanguage.equals("en");
        }
    }

    /** Second texts by epoch and sample, of some batches; the first texts are asserted to be the captions. */
    private Map<String, List<Long>> secondTexts(MemorySource source, int batchSize, int firstBatch, int numBatches) {
        ImageTextSamples format = new ImageTextSamples(
                List.of(VIEW), List.of(TextAugmentation.NONE, REPLACE), FewWords.ENGLISH, TOKENIZER, CONTEXT);
        Map<String, List<Long>> texts = new TreeMap<>();
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine.jsonl"), SIZE, 1);
        try (Loader loader = new Loader(source, format, new LoaderConfig(5, batchSize, 2, 1, 1), quarantine);
                NDManager manager = NDManager.newBaseManager()) {
            loader.seek(firstBatch);
            for (int i = 0; i < numBatches; i++) {
                Batch batch = loader.next(manager);
                for (int row = 0; row < batch.size(); row++) {
                    long id = batch.ids().get(row);
                    String caption = source.get(id).captions().get(0).text();
                    assertThat(batch.get("text").get(row).toLongArray())
                            .containsExactly(TOKENIZER.encode(caption, CONTEXT));
                    texts.put(
                            batch.epoch() + "/" + id,
                            Longs.asList(batch.get("text2").get(row).toLongArray()));
                }
            }
        }
        return texts;
    }

    @Test
    void synonymsDependOnSeedEpochSampleAndViewAlone() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        Map<String, List<Long>> texts = secondTexts(source, 6, 0, 4);
        assertThat(texts).hasSize(2 * SIZE);
        texts.forEach((key, tokens) -> {
            long epoch = Long.parseLong(key.substring(0, 1));
            long sample = Long.parseLong(key.substring(2));
            String caption = "A picture number " + sample + ", of waves";
            String expected = REPLACE.apply(caption, FewWords.ENGLISH, RandomStream.of(5, epoch, sample, "text2"));
            assertThat(expected).doesNotContain("picture").doesNotContain("waves");
            assertThat(tokens).isEqualTo(Longs.asList(TOKENIZER.encode(expected, CONTEXT)));
        });
        assertThat(texts.get("0/0")).isNotEqualTo(texts.get("0/1"));
        assertThat(secondTexts(source, 4, 0, 6)).as("other batches").isEqualTo(texts);
        Map<String, List<Long>> rest = secondTexts(source, 6, 3, 1);
        assertThat(rest).as("resumed in the second epoch").hasSize(6);
        assertThat(texts).containsAllEntriesOf(rest);
    }

    @Test
    void captionsInAnotherLanguageKeepTheirWords() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        for (int i = 0; i < SIZE; i++) {
            Example example = source.get(i);
            source.replace(
                    i,
                    example.toBuilder()
                            .captions(List.of(new Example.Caption("picture of waves", i % 2 == 0 ? "en" : "fr")))
                            .build());
        }
        List<Long> unchanged = Longs.asList(TOKENIZER.encode("picture of waves", CONTEXT));
        secondTexts(source, 6, 0, 2).forEach((key, tokens) -> {
            boolean french = Long.parseLong(key.substring(2)) % 2 == 1;
            assertThat(tokens.equals(unchanged)).as(key).isEqualTo(french);
        });
    }

    @Test
    void exampleWithoutCaptionIsLeftOut() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        source.replace(3, source.get(3).image(), "  ");
        try (Loader loader = loader(source, BOTH);
                NDManager manager = NDManager.newBaseManager()) {
            int total = loader.next(manager).size() + loader.next(manager).size();
            assertThat(total).isEqualTo(SIZE - 1);
        }
        assertThat(folder.resolve("quarantine.jsonl")).content().contains("the example has no caption");
    }

    @Test
    void badNumbersOfViewsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> samples(List.of(VIEW, VIEW, VIEW), List.of(EDA)))
                .withMessage("One or two image views and one or two text views are possible: 3 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageTextSamples(List.of(VIEW), List.of(EDA), Synonyms.NONE, TOKENIZER, 2))
                .withMessage("context length must be at least 3: 2");
    }
}

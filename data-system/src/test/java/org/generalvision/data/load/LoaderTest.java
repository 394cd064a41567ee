package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.generalvision.data.augment.Augmentation;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.ColorJitter;
import org.generalvision.data.augment.GaussianBlur;
import org.generalvision.data.augment.Grayscale;
import org.generalvision.data.augment.HorizontalFlip;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.Example;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoaderTest {
    private static final int SIZE = 23;
    private static final int BATCH_SIZE = 4;
    private static final List<String> CLASSES = List.of("class0", "class1", "class2");
    private static final List<Augmentation> AUGMENTATIONS = List.of(
            new ColorJitter(0.4, 0.4, 0.4, 0.1, 0.8),
            new Grayscale(0.2),
            new GaussianBlur(new Range(0.1, 2), 0.5),
            new HorizontalFlip(0.5));
    private static final LabelledImages FORMAT = new LabelledImages(
            new ImageView(
                    new RandomResizedCrop(20, 24, new Range(0.2, 1), new Range(0.75, 4 / 3.0)),
                    AUGMENTATIONS,
                    Pictures.identity(),
                    Background.WHITE),
            CLASSES);

    @TempDir
    private Path folder;

    private Quarantine quarantine(double limit) {
        return new Quarantine(folder.resolve("quarantine.jsonl"), SIZE, limit);
    }

    private static LoaderConfig config(int workers) {
        return new LoaderConfig(11, BATCH_SIZE, workers, 3, 1);
    }

    private Loader loader(MemorySource source, int workers) {
        return new Loader(source, FORMAT, config(workers), quarantine(1));
    }

    /** What a batch holds, copied. */
    private record Content(long step, long epoch, List<Long> ids, Map<String, List<Byte>> arrays) {
        static Content of(Batch batch) {
            Map<String, List<Byte>> arrays = new TreeMap<>();
            batch.arrays().forEach((name, array) -> arrays.put(name, bytes(array)));
            return new Content(batch.step(), batch.epoch(), batch.ids(), arrays);
        }

        private static List<Byte> bytes(NDArray array) {
            List<Byte> bytes = new ArrayList<>();
            ByteBuffer buffer = array.toByteBuffer();
            while (buffer.hasRemaining()) {
                bytes.add(buffer.get());
            }
            return bytes;
        }
    }

    private static List<Content> take(BatchSource loader, int num) {
        List<Content> batches = new ArrayList<>();
        for (int i = 0; i < num; i++) {
            try (NDManager step = NDManager.newBaseManager()) {
                batches.add(Content.of(loader.next(step)));
            }
        }
        return batches;
    }

    @ParameterizedTest(name = "{0} workers")
    @ValueSource(ints = {2, 4})
    void numberOfWorkersChangesNothing(int workers) {
        try (Loader one = loader(MemorySource.ofPictures(SIZE), 1);
                Loader many = loader(MemorySource.ofPictures(SIZE), workers)) {
            assertThat(take(many, 15)).isEqualTo(take(one, 15));
        }
    }

    @Test
    void seekGivesTheSameBatchesAsReadingThrough() {
        try (Loader loader = loader(MemorySource.ofPictures(SIZE), 2)) {
            List<Content> all = take(loader, 13);
            for (int batch : new int[] {12, 0, 7, 7, 3}) {
                loader.seek(batch);
                assertThat(take(loader, 13 - batch)).isEqualTo(all.subList(batch, 13));
            }
        }
    }

    @Test
    void seekCostsNoReads() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        try (Loader loader = loader(source, 1)) {
            loader.seek(1_000_000_000_000L);
            assertThat(take(loader, 1).get(0).step()).isEqualTo(1_000_000_000_000L);
        }
        assertThat(source.numReads()).isLessThanOrEqualTo(4L * BATCH_SIZE);
        try (Loader loader = loader(source, 1)) {
            assertThatIllegalArgumentException().isThrownBy(() -> loader.seek(-1));
        }
    }

    @Test
    void epochsAreCountedAndDifferInOrderAndAugmentation() {
        try (Loader loader = loader(MemorySource.ofPictures(SIZE), 2)) {
            assertThat(loader.batchesPerEpoch()).isEqualTo(5);
            List<Content> batches = take(loader, 10);
            assertThat(batches).extracting(Content::epoch).containsExactly(0L, 0L, 0L, 0L, 0L, 1L, 1L, 1L, 1L, 1L);
            assertThat(batches).extracting(Content::step).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            Set<Long> firstEpoch = new HashSet<>();
            batches.subList(0, 5).forEach(batch -> firstEpoch.addAll(batch.ids()));
            assertThat(firstEpoch).hasSize(20);
            long sample = batches.get(0).ids().get(0);
            for (Content later : batches.subList(5, 10)) {
                if (later.ids().contains(sample)) {
                    assertThat(image(later, later.ids().indexOf(sample))).isNotEqualTo(image(batches.get(0), 0));
                }
            }
        }
    }

    private static List<Byte> image(Content batch, int row) {
        int bytes = 3 * 20 * 24 * Float.BYTES;
        return batch.arrays().getOrDefault("image", List.of()).subList(row * bytes, (row + 1) * bytes);
    }

    @Test
    void corruptSampleIsLeftOutAndNothingElseChanges() {
        List<Content> whole;
        try (Loader loader = loader(MemorySource.ofPictures(SIZE), 2)) {
            whole = take(loader, 10);
        }
        Quarantine quarantine = quarantine(1);
        MemorySource source = MemorySource.ofPictures(SIZE).breakImage(4).breakImage(9);
        try (Loader loader = new Loader(source, FORMAT, config(2), quarantine)) {
            List<Content> broken = take(loader, 10);
            int numLeftOut = 0;
            for (int i = 0; i < 10; i++) {
                List<Long> expected = new ArrayList<>(whole.get(i).ids());
                expected.removeAll(List.of(4L, 9L));
                assertThat(broken.get(i).ids()).isEqualTo(expected);
                numLeftOut += BATCH_SIZE - expected.size();
                for (int row = 0; row < expected.size(); row++) {
                    int place = whole.get(i).ids().indexOf(expected.get(row));
                    assertThat(image(broken.get(i), row)).isEqualTo(image(whole.get(i), place));
                }
            }
            assertThat(numLeftOut).isPositive();
            assertThat(loader.batchesPerEpoch()).isEqualTo(5);
        }
        assertThat(quarantine.entries()).extracting(Unreadable::id).containsExactly("picture-4", "picture-9");
        assertThat(quarantine.entries())
                .allSatisfy(entry -> assertThat(entry.reason()).contains("broken"));
    }

    @Test
    void tooManyCorruptSamplesStopTheRun() {
        MemorySource source = MemorySource.ofPictures(SIZE).breakImage(4).breakImage(9);
        try (Loader loader = new Loader(source, FORMAT, config(1), quarantine(0.05))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> take(loader, 10))
                    .withMessageContaining("2 of 23 samples are unreadable, more than the share 0.05")
                    .withMessageContaining("quarantine.jsonl");
        }
    }

    @Test
    void batchWithoutAnyReadableSampleIsAnError() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        for (int i = 0; i < SIZE; i++) {
            source.breakImage(i);
        }
        try (Loader loader = loader(source, 1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> take(loader, 1))
                    .withMessageContaining("None of the 4 samples of batch 0 can be read");
        }
    }

    @Test
    void failureOfAWorkerIsThrownByNext() {
        class Failing extends IllegalStateException {
            private static final long serialVersionUID = 1;
        }
        SampleFormat format = new SampleFormat() {
            @Override
            public List<Field> fields() {
                return List.of(new Field.Scalar("label"));
            }

            @Override
            public SampleReader newReader() {
                return new SampleReader() {
                    @Override
                    public void read(Example example, Draws draws, Row row) {
                        throw new Failing();
                    }

                    @Override
                    public void close() {}
                };
            }
        };
        try (Loader loader = new Loader(MemorySource.ofPictures(SIZE), format, config(2), quarantine(1));
                NDManager step = NDManager.newBaseManager()) {
            assertThatExceptionOfType(Failing.class).isThrownBy(() -> loader.next(step));
        }
    }

    @Test
    void imagesAreChannelsLastViewsOfAlignedMemory() {
        BatchMemory memory = new BatchMemory(FORMAT.fields(), BATCH_SIZE);
        for (Field field : FORMAT.fields()) {
            assertThat(memory.rows(field, BATCH_SIZE).alignmentOffset(0, BatchMemory.ALIGNMENT))
                    .as(field.name())
                    .isZero();
        }
        try (Loader loader = loader(MemorySource.ofPictures(SIZE), 1);
                NDManager step = NDManager.newBaseManager()) {
            NDArray image = loader.next(step).get("image");
            assertThat(image.getShape()).isEqualTo(new Shape(BATCH_SIZE, 3, 20, 24));
            // Row 0, pixel by pixel: what the buffer holds is the transposed array in its natural order.
            float[] channelsFirst = image.toFloatArray();
            float[] channelsLast = image.transpose(0, 2, 3, 1).toFloatArray();
            assertThat(channelsFirst[20 * 24 + 1]).isEqualTo(channelsLast[4]);
        }
    }

    @Test
    void arraysLiveAsLongAsTheirManagerAndMemoryIsUsedAgain() {
        MemorySource source = MemorySource.ofPictures(SIZE);
        BatchMemoryPool pool;
        try (NDManager first = NDManager.newBaseManager();
                BatchPipeline pipeline = new BatchPipeline(
                        source, FORMAT, new Sampler(SIZE, BATCH_SIZE, 11), config(2), quarantine(1))) {
            pool = pipeline.pool();
            NDArray kept = pipeline.next(first).get("image");
            float[] before = kept.toFloatArray();
            for (int i = 0; i < 300; i++) {
                try (NDManager step = first.newSubManager()) {
                    assertThat(pipeline.next(step).size()).isEqualTo(BATCH_SIZE);
                }
            }
            assertThat(kept.toFloatArray()).containsExactly(before);
            // Three prefetched, one kept, one in use.
            assertThat(pool.numAllocated()).isLessThanOrEqualTo(5);
        }
        assertThat(pool.numFree()).isEqualTo(pool.numAllocated());
    }

    @Test
    void closeEndsTheThreads() {
        Loader loader = loader(MemorySource.ofPictures(SIZE), 3);
        take(loader, 2);
        loader.close();
        loader.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("loader-") && thread.isAlive());
        try (NDManager step = NDManager.newBaseManager()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> loader.next(step))
                    .withMessage("The loader is closed");
        }
    }

    @Test
    void waitingIsCounted() {
        try (Loader loader = loader(MemorySource.ofPictures(SIZE), 1)) {
            assertThat(loader.waitSeconds()).isZero();
            take(loader, 1);
            double once = loader.waitSeconds();
            assertThat(once).isPositive();
            take(loader, 5);
            assertThat(loader.waitSeconds()).isGreaterThanOrEqualTo(once);
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoaderConfig(0, 0, 1, 1, 0))
                .withMessage("batchSize must be positive: 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new LoaderConfig(0, 1, 0, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new LoaderConfig(0, 1, 1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new LoaderConfig(0, 1, 1, 1, 1.5));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LabelledImages(FORMAT.view(), List.of("a", "a")))
                .withMessageContaining("each once");
    }
}

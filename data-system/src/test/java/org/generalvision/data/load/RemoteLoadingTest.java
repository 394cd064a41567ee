package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.HorizontalFlip;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.augment.RandomResizedCrop;
import org.generalvision.data.augment.Range;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.ShardPush;
import org.generalvision.data.shard.ShardWriter;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.store.BucketServer;
import org.generalvision.data.store.S3Store;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteLoadingTest {
    private static final int SIZE = 23;
    private static final LabelledImages FORMAT = new LabelledImages(
            new ImageView(
                    new RandomResizedCrop(20, 24, new Range(0.2, 1), new Range(0.75, 4 / 3.0)),
                    List.of(new HorizontalFlip(0.5)),
                    Pictures.identity(),
                    Background.WHITE),
            List.of("class0", "class1", "class2"));

    @TempDir
    Path folder;

    /** What a batch holds, copied. */
    private record Content(long step, long epoch, List<Long> ids, Map<String, ByteBuffer> arrays) {}

    @Test
    void batchesFromABucketAreThoseOfTheDirectoryAlsoAfterAResume() throws Exception {
        String earlier = System.setProperty("gv.cache", folder.resolve("cache").toString());
        Path directory = folder.resolve("d");
        MemorySource pictures = MemorySource.ofPictures(SIZE);
        try (ShardWriter writer = ShardWriter.create(directory, 3000)) {
            for (int i = 0; i < SIZE; i++) {
                writer.add(pictures.get(i));
            }
            assertThat(writer.finish().shards()).hasSizeGreaterThan(5);
        }
        try (BucketServer server = BucketServer.start()) {
            try (S3Store store = server.open("pictures")) {
                new ShardPush(directory, store, List.of()).run("curation", false, bytes -> {});
            }
            List<Content> local = take(directory.toString(), 0, 15);
            assertThat(take(server.location("pictures"), 0, 15)).isEqualTo(local);
            assertThat(take(server.location("pictures"), 7, 8)).isEqualTo(local.subList(7, 15));
        } finally {
            if (earlier == null) {
                System.clearProperty("gv.cache");
            } else {
                System.setProperty("gv.cache", earlier);
            }
        }
    }

    private List<Content> take(String location, int from, int count) {
        Quarantine quarantine = new Quarantine(folder.resolve("quarantine.jsonl"), SIZE, 0);
        LoaderConfig config = new LoaderConfig(11, 4, 2, 3, 0);
        List<Content> batches = new ArrayList<>();
        try (ExampleSource source = new ExampleData.Shards(location).open(folder);
                Loader loader = new Loader(source, FORMAT, config, quarantine)) {
            loader.seek(from);
            for (int i = 0; i < count; i++) {
                try (NDManager step = NDManager.newBaseManager()) {
                    Batch batch = loader.next(step);
                    Map<String, ByteBuffer> arrays = new TreeMap<>();
                    batch.arrays().forEach((name, array) -> arrays.put(name, ByteBuffer.wrap(array.toByteArray())));
                    batches.add(new Content(batch.step(), batch.epoch(), batch.ids(), arrays));
                }
            }
        }
        return batches;
    }
}

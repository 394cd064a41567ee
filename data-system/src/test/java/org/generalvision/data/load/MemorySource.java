package org.generalvision.data.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.generalvision.data.augment.Pictures;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;

/** A small source in memory; examples can be replaced by broken ones. */
final class MemorySource implements ExampleSource {
    private final List<Example> examples = new ArrayList<>();
    private final AtomicLong numReads = new AtomicLong();

    /** Pictures in turn as PNG and JPEG, each with a caption and one of three labels. */
    static MemorySource ofPictures(int size) {
        MemorySource source = new MemorySource();
        for (int i = 0; i < size; i++) {
            var photo = Pictures.photo(i, 30 + i % 7, 40 - i % 5);
            ByteBuffer image = i % 2 == 0 ? Pictures.png(photo) : Pictures.jpeg(photo);
            source.examples.add(example(i, image, "A picture number " + i + ", of waves"));
        }
        return source;
    }

    static Example example(int index, ByteBuffer image, String caption) {
        return Example.builder("picture-" + index, image, "test", "CC0-1.0")
                .captions(List.of(new Example.Caption(caption, "en")))
                .labels(List.of("class" + index % 3))
                .build();
    }

    void add(Example example) {
        examples.add(example);
    }

    MemorySource replace(int index, ByteBuffer image, String caption) {
        return replace(index, example(index, image, caption));
    }

    MemorySource replace(int index, Example example) {
        examples.set(index, example);
        return this;
    }

    MemorySource breakImage(int index) {
        byte[] half = new byte[examples.get(index).image().remaining() / 2];
        examples.get(index).image().duplicate().get(half);
        return replace(index, Pictures.direct(half), "broken");
    }

    long numReads() {
        return numReads.get();
    }

    @Override
    public long size() {
        return examples.size();
    }

    @Override
    public Example get(long index) {
        numReads.incrementAndGet();
        return examples.get((int) index);
    }

    @Override
    public String hash() {
        return "0".repeat(64);
    }

    @Override
    public void close() {}
}

package org.generalvision.data.curate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.ShardWriter;

/** Small directories of shards. */
final class Shards {
    private Shards() {}

    /** Writes a directory with examples. */
    static Path write(Path directory, List<Example> examples) {
        try (ShardWriter writer = ShardWriter.create(directory, 1 << 16)) {
            examples.forEach(writer::add);
            writer.finish();
        }
        return directory;
    }

    /** Examples e0, e1 and so on whose images are texts. */
    static Path ofContents(Path directory, List<String> contents) {
        return write(
                directory,
                IntStream.range(0, contents.size())
                        .mapToObj(i -> example("e" + i, bytes(contents.get(i)), List.of()))
                        .toList());
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static Example example(String id, ByteBuffer image, List<String> labels) {
        return Example.builder(id, image, "made-up", "MIT").labels(labels).build();
    }

    static Example captioned(String id, ByteBuffer image, String caption, String language) {
        return Example.builder(id, image, "made-up", "MIT")
                .captions(List.of(new Example.Caption(caption, language)))
                .build();
    }

    static List<String> ids(ExampleSource source) {
        List<String> ids = new ArrayList<>();
        for (long i = 0; i < source.size(); i++) {
            ids.add(source.get(i).id());
        }
        return ids;
    }

    static List<String> ids(Path directory) {
        try (CuratedSource source = CuratedSource.open(directory)) {
            return ids(source);
        }
    }

    /** Removes examples by their number in what is left. */
    static CurationStep.Outcome remove(Path directory, String step, long... indices) {
        try (CurationStep run = CurationStep.begin(directory, step, Map.of(), false)) {
            for (long index : indices) {
                run.remove(index, run.source().get(index).id(), "a reason", Map.of());
            }
            return run.finish();
        }
    }
}

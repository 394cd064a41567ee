package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.generalvision.data.example.Example;
import org.generalvision.data.shard.ShardReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardBuildTest {
    @TempDir
    Path folder;

    private static Candidate kept(String id) {
        return new Candidate.Accepted(
                Example.builder(id, ByteBuffer.allocate(3), "made-up", "MIT").build());
    }

    static CollectionSource source(List<Candidate> candidates) {
        return new CollectionSource() {
            @Override
            public long size() {
                return candidates.size();
            }

            @Override
            public Iterator<Candidate> iterator() {
                return candidates.iterator();
            }
        };
    }

    @Test
    void whatIsKeptLeftOutAndRejectedAddsUp() throws IOException {
        Path out = folder.resolve("new/corpus");
        AtomicInteger done = new AtomicInteger();
        ShardBuild.Result result = new ShardBuild(
                        source(List.of(
                                kept("a"),
                                new Candidate.LeftOut("b", "blank"),
                                new Candidate.Rejected("c", "broken \"here\""),
                                new Candidate.LeftOut("d", "blank"))),
                        out,
                        1000)
                .run(done::incrementAndGet);
        assertThat(done).hasValue(4);
        assertThat(result.leftOut()).containsOnly(Map.entry("blank", 2L));
        assertThat(result.rejected()).isEqualTo(1);
        assertThat(Files.readAllLines(out.resolve(ShardBuild.REJECTED)))
                .containsExactly("{\"id\":\"c\",\"reason\":\"broken \\\"here\\\"\"}");
        try (ShardReader reader = ShardReader.open(out)) {
            assertThat(reader.size()).isEqualTo(1);
        }
        assertThat(names(folder.resolve("new"))).containsExactly("corpus");
    }

    @Test
    void aBuildWithoutRejectionsHasNoListOfThem() throws IOException {
        new ShardBuild(source(List.of(kept("a"))), folder.resolve("d"), 1000).run(() -> {});
        assertThat(names(folder.resolve("d"))).containsExactly("00000.arrow", "build.jsonl", "manifest.json");
    }

    @Test
    void aBuildThatFailsBeforeItsFirstShardLeavesNothingBehind() throws IOException {
        ShardBuild build = new ShardBuild(source(List.of(kept("a"), kept("b"))), folder.resolve("d"), 1000);
        AtomicInteger done = new AtomicInteger();
        Throwable error = catchThrowable(() -> build.run(() -> {
            if (done.incrementAndGet() == 2) {
                throw new IllegalStateException("the disk is on fire");
            }
        }));
        assertThat(error).hasMessage("the disk is on fire");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void anExistingDirectoryIsNotOverwritten() throws IOException {
        Path out = Files.createDirectory(folder.resolve("d"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShardBuild(source(List.of()), out, 1000))
                .withMessageContaining("exists and is not overwritten");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}

package org.generalvision.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.generalvision.data.source.ShardBuild.Outcome;
import org.generalvision.data.source.ShardBuild.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Builds that end early. A kill leaves what the file system holds at that moment: here it is copied, moment by moment. */
class ResumedBuildTest {
    private static final int ITEMS = 30;
    private static final long SHARD_BYTES = 2500;

    @TempDir
    Path folder;

    private Map<String, ByteBuffer> undisturbed = Map.of();
    private Path out = Path.of("");
    private Path partial = Path.of("");

    @BeforeEach
    void buildUndisturbed() throws IOException {
        Path directory = folder.resolve("undisturbed");
        build(new MadeUpCollection(ITEMS), directory);
        undisturbed = contents(directory);
        assertThat(undisturbed).hasSizeGreaterThan(6).containsKeys("build.jsonl", "manifest.json", "rejected.jsonl");
        out = folder.resolve("out");
        partial = folder.resolve("out.partial");
    }

    @Test
    void aBuildKilledAfterAnyItemContinuesToTheSameBytes() throws IOException {
        AtomicInteger done = new AtomicInteger();
        new ShardBuild(new MadeUpCollection(ITEMS), out, SHARD_BYTES)
                .run(() -> copy(partial, folder.resolve("killed-" + done.incrementAndGet())));
        boolean continued = false;
        for (int moment = 1; moment <= ITEMS; moment++) {
            restore(folder.resolve("killed-" + moment));
            Result result = build(new MadeUpCollection(ITEMS), out);
            continued |= result.outcome() == Outcome.CONTINUED;
            assertThat(result.rejected()).isEqualTo(6);
            assertThat(result.leftOut()).containsOnly(Map.entry("rule 0", 3L), Map.entry("rule 1", 3L));
            assertThat(contents(out)).as("killed after item %s", moment).isEqualTo(undisturbed);
        }
        assertThat(continued).isTrue();
    }

    /** The journal's last line, the manifest and the shard being written are each torn at every so many bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"build.jsonl", "00004.arrow", "manifest.json", "manifest.json.tmp", "00004.arrow.tmp"})
    void aFileThatIsTornAnywhereDoesNoHarm(String file) throws IOException {
        byte[] whole = bytes(undisturbed.getOrDefault(file, ByteBuffer.allocate(2000)));
        for (int length = 0; length < whole.length; length += 1 + whole.length / 9) {
            copy(folder.resolve("undisturbed"), folder.resolve("torn"));
            Files.write(folder.resolve("torn").resolve(file), Arrays.copyOf(whole, length));
            restore(folder.resolve("torn"));
            build(new MadeUpCollection(ITEMS), out);
            assertThat(contents(out)).as("%s of %s bytes", file, length).isEqualTo(undisturbed);
        }
    }

    @Test
    void aBuildThatFailedAtAnyItemContinuesToTheSameBytes() throws IOException {
        for (int failing = 0; failing < ITEMS; failing++) {
            int at = failing;
            MadeUpCollection source = new MadeUpCollection(ITEMS, item -> {
                if (item == at) {
                    throw new UncheckedIOException("Cannot read item " + item, new IOException("the disk is gone"));
                }
            });
            Throwable error = catchThrowable(() -> build(source, out));
            boolean kept = Files.exists(partial);
            assertThat(error)
                    .hasMessageContainingAll("the disk is gone", kept ? "kept in " + partial : "nothing is kept");
            build(new MadeUpCollection(ITEMS), out);
            assertThat(contents(out)).as("failed at %s", at).isEqualTo(undisturbed);
            MoreFiles.deleteRecursively(out, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    @Test
    void aShardThatAPowerCutDamagedIsBuiltAgain() throws IOException {
        copy(folder.resolve("undisturbed"), partial);
        byte[] shard = Files.readAllBytes(partial.resolve("00002.arrow"));
        shard[shard.length / 2] ^= 1;
        Files.write(partial.resolve("00002.arrow"), shard);
        Result result = build(new MadeUpCollection(ITEMS), out);
        assertThat(result.outcome()).isEqualTo(Outcome.CONTINUED);
        assertThat(result.continued()).isBetween(2L, 10L);
        assertThat(contents(out)).isEqualTo(undisturbed);
    }

    @Test
    void aDirectoryThatIsWholeIsComparedAndLeftAlone() throws IOException {
        Result first = build(new MadeUpCollection(ITEMS), out);
        Object written = Files.getLastModifiedTime(out.resolve("manifest.json"));
        Result second = build(new MadeUpCollection(ITEMS), out);
        assertThat(first.outcome()).isEqualTo(Outcome.BUILT);
        assertThat(second.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(second.manifest()).isEqualTo(first.manifest());
        assertThat(second.leftOut()).isEqualTo(first.leftOut());
        assertThat(second.rejected()).isEqualTo(first.rejected());
        assertThat(Files.getLastModifiedTime(out.resolve("manifest.json"))).isEqualTo(written);
        assertThat(partial).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 27, 28, 29, 31, 35})
    void aCollectionThatHasChangedIsRefused(int items) throws IOException {
        build(new MadeUpCollection(ITEMS), out);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(new MadeUpCollection(items), out))
                .withMessageContainingAll("has changed since", "name another directory");
        assertThat(contents(out)).isEqualTo(undisturbed);
    }

    @Test
    void aCollectionThatChangedBeforeAResumptionIsRefused() throws IOException {
        copy(folder.resolve("undisturbed"), partial);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(new MadeUpCollection(7), out))
                .withMessageContainingAll("ends after 4 of", "out.partial", "has changed since", "remove that one");
        Iterable<Candidate> withoutTheFirst = Iterables.skip(new MadeUpCollection(ITEMS), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(ShardBuildTest.source(Lists.newArrayList(withoutTheFirst)), out))
                .withMessageContainingAll("item-2, example 0, is not what an earlier build wrote", "out.partial");
        build(new MadeUpCollection(ITEMS), out);
        assertThat(contents(out)).isEqualTo(undisturbed);
    }

    @Test
    void anotherSizeOfShardsIsRefused() throws IOException {
        copy(folder.resolve("undisturbed"), partial);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShardBuild(new MadeUpCollection(ITEMS), out, 1000).run(() -> {}))
                .withMessageContainingAll("begun with shards of 2500 bytes", "not 1000", "remove that directory");
        build(new MadeUpCollection(ITEMS), out);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ShardBuild(new MadeUpCollection(ITEMS), out, 1000))
                .withMessageContainingAll("built with shards of 2500 bytes", "not 1000", "name another directory");
    }

    @Test
    void twoBuildsOfOneDirectoryDoNotMeet() {
        AtomicInteger met = new AtomicInteger();
        new ShardBuild(new MadeUpCollection(3), out, SHARD_BYTES).run(() -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> build(new MadeUpCollection(3), out))
                    .withMessageContaining("Another process is building");
            met.incrementAndGet();
        });
        assertThat(met).hasValue(3);
    }

    @Test
    void aJournalThatIsNoneIsRefused() throws IOException {
        Files.createDirectory(partial);
        Files.writeString(partial.resolve("build.jsonl"), "once upon a time\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(new MadeUpCollection(3), out))
                .withMessageContainingAll("not the journal of a build", "remove its directory");
    }

    private static Result build(CollectionSource source, Path directory) {
        return new ShardBuild(source, directory, SHARD_BYTES).run(() -> {});
    }

    private void restore(Path killed) throws IOException {
        if (Files.exists(out)) {
            MoreFiles.deleteRecursively(out, RecursiveDeleteOption.ALLOW_INSECURE);
        }
        Files.move(killed, partial);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectory(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, ByteBuffer> contents(Path directory) throws IOException {
        Map<String, ByteBuffer> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}

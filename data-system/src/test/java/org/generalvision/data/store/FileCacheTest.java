package org.generalvision.data.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.generalvision.data.store.CacheProcess.SIZE;
import static org.generalvision.data.store.CacheProcess.bytes;
import static org.generalvision.data.store.CacheProcess.file;
import static org.generalvision.data.store.CacheProcess.sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
    @TempDir
    Path folder;

    private final AtomicInteger fetched = new AtomicInteger();

    @Test
    void aFileIsFetchedOnceAndFoundAgain() throws IOException {
        FileCache cache = FileCache.open(folder, 10 * SIZE);
        for (int i = 0; i < 2; i++) {
            try (FileCache.Lease lease = lease(cache, 1)) {
                assertThat(lease.file()).hasBinaryContent(bytes(1));
            }
        }
        assertThat(fetched).hasValue(1);
        assertThat(FileCache.open(folder, 10 * SIZE)).isSameAs(cache);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FileCache.open(folder, SIZE))
                .withMessageContaining("in use with 10000 bytes");
    }

    @Test
    void theLeastRecentlyUsedGoesAndWhatIsInUseStays() throws IOException {
        FileCache cache = FileCache.open(folder, 3 * SIZE);
        FileCache.Lease first = lease(cache, 1);
        lease(cache, 2).close();
        lease(cache, 3).close();
        age(1, 30);
        age(2, 10);
        age(3, 20);
        lease(cache, 4).close();
        assertThat(copies()).containsExactlyInAnyOrder(sha256(1), sha256(2), sha256(4));
        first.close();
        first.close();
        lease(cache, 5).close();
        assertThat(copies()).as("the first was just used").containsExactlyInAnyOrder(sha256(1), sha256(4), sha256(5));
    }

    @Test
    void whereAllIsInUseAnOwnerIsAskedAndElseItIsTold() throws IOException {
        FileCache cache = FileCache.open(folder, 2 * SIZE);
        List<FileCache.Lease> leases = new ArrayList<>(List.of(lease(cache, 1), lease(cache, 2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lease(cache, 3))
                .withMessageContainingAll("no room for origin of 3 (1,000 bytes)", "GV_CACHE_LIMIT");
        FileCache.Owner owner = () -> {
            leases.remove(0).close();
            return true;
        };
        cache.join(owner);
        lease(cache, 3).close();
        assertThat(copies()).containsExactlyInAnyOrder(sha256(2), sha256(3));
        cache.leave(owner);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.lease(new CachedFile(sha256(9), 2 * SIZE + 1, "a large one"), to -> {}))
                .withMessageContainingAll("a large one", "does not fit", "GV_CACHE_LIMIT");
    }

    @Test
    void whatArrivesSpoiltIsFetchedAgainOnceAndNeverVisible() throws IOException {
        FileCache cache = FileCache.open(folder, 2 * SIZE);
        try (FileCache.Lease lease = cache.lease(file(1), to -> {
            assertThat(folder.resolve(sha256(1))).doesNotExist();
            Files.write(to, fetched.incrementAndGet() == 1 ? bytes(2) : bytes(1));
        })) {
            assertThat(lease.file()).hasBinaryContent(bytes(1));
        }
        assertThat(fetched).hasValue(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.lease(file(3), to -> Files.write(to, bytes(2))))
                .withMessageContainingAll("origin of 3", "twice", sha256(3));
        assertThat(copies()).containsExactly(sha256(1));
    }

    @Test
    void aFetchThatFailsLeavesWhatTheNextGoesOnWith() throws IOException {
        FileCache cache = FileCache.open(folder, 2 * SIZE);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> cache.lease(file(1), to -> {
                    Files.write(to, Arrays.copyOf(bytes(1), 600));
                    throw new IOException("the line was cut");
                }))
                .withMessageContainingAll("origin of 1", folder.toRealPath().toString(), "the line was cut");
        assertThat(copies()).isEmpty();
        cache.lease(file(1), to -> {
                    assertThat(to).hasSize(600);
                    Files.write(to, Arrays.copyOfRange(bytes(1), 600, SIZE), StandardOpenOption.APPEND);
                })
                .close();
        assertThat(copies()).containsExactly(sha256(1));
    }

    @Test
    void whatADeadProcessLeftIsCountedAndRemoved() throws IOException {
        FileCache cache = FileCache.open(folder, 2 * SIZE);
        Files.write(folder.resolve(sha256(7) + "." + SIZE + ".part"), new byte[10]);
        age(sha256(7) + "." + SIZE + ".part", 50);
        lease(cache, 1).close();
        lease(cache, 2).close();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("locks", sha256(1), sha256(2));
        }
    }

    @Test
    void aCopyThatIsGoneOrSpoiltIsFetchedAnewAlsoWhileSomebodyUsesIt() throws IOException {
        FileCache cache = FileCache.open(folder, 3 * SIZE);
        try (FileCache.Lease user = lease(cache, 1)) {
            cache.discard(sha256(1));
            try (FileCache.Lease other = lease(cache, 1)) {
                assertThat(other.file()).isEqualTo(user.file()).hasBinaryContent(bytes(1));
            }
        }
        Files.write(folder.resolve(sha256(1)), new byte[SIZE - 1]);
        lease(cache, 1).close();
        assertThat(fetched).as("of another size, it is no copy").hasValue(3);
    }

    @Test
    void aDiskThatFillsIsTold() throws IOException {
        CacheLocks locks = CacheLocks.open(folder);
        long[] free = {5 * SIZE};
        CacheRoom room = new CacheRoom(folder, 100 * SIZE, locks, path -> free[0]);
        Files.write(folder.resolve(sha256(1)), bytes(1));
        assertThat(room.make(file(2))).isTrue();
        free[0] = SIZE - 1;
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> room.make(file(3)))
                .withMessageContainingAll("disk of the cache", "is full", "GV_CACHE", "GV_CACHE_LIMIT");
        assertThat(copies()).as("what could make room is gone").isEmpty();
        IOException failure = new IOException("No space left on device");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> room.requireDisk(failure))
                .withMessageContaining("is full");
        free[0] = 1L << 40;
        room.requireDisk(failure);
    }

    @Test
    void severalThreadsFindWhatTheyAskForAndLeaveNoMoreThanTheBound() throws Exception {
        FileCache cache = FileCache.open(folder, 5 * SIZE);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> tasks = IntStream.range(0, 4)
                    .<Callable<Boolean>>mapToObj(thread -> () -> useAtRandom(cache, thread))
                    .toList();
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(copies()).hasSizeLessThanOrEqualTo(5);
    }

    private boolean useAtRandom(FileCache cache, int thread) throws IOException {
        SplittableRandom random = new SplittableRandom(thread);
        for (int i = 0; i < 150; i++) {
            int file = random.nextInt(12);
            try (FileCache.Lease lease = lease(cache, file)) {
                if (!Arrays.equals(Files.readAllBytes(lease.file()), bytes(file))) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void otherProcessesShareTheFolder() throws Exception {
        FileCache cache = FileCache.open(folder, 2 * SIZE);
        Process process = CacheProcess.start(folder, 2 * SIZE, 1);
        try (var output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("holds");
            lease(cache, 1).close();
            assertThat(fetched).as("the other has it").hasValue(0);
            age(1, 100);
            lease(cache, 2).close();
            lease(cache, 3).close();
            assertThat(copies()).as("the other uses 1").containsExactlyInAnyOrder(sha256(1), sha256(3));
            process.destroyForcibly().waitFor();
            age(1, 100);
            lease(cache, 4).close();
            assertThat(copies()).as("a lock dies with its process").containsExactlyInAnyOrder(sha256(3), sha256(4));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private FileCache.Lease lease(FileCache cache, int number) {
        return cache.lease(file(number), to -> {
            fetched.incrementAndGet();
            Files.write(to, bytes(number));
        });
    }

    private void age(int number, int minutes) throws IOException {
        age(sha256(number), minutes);
    }

    private void age(String name, int minutes) throws IOException {
        Files.setLastModifiedTime(
                folder.resolve(name), FileTime.fromMillis(System.currentTimeMillis() - minutes * 60_000L));
    }

    private List<String> copies() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> CachedFile.NAME.matcher(name).matches())
                    .toList();
        }
    }
}

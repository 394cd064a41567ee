package org.generalvision.data.propose;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableDoubleArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.generalvision.data.augment.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProposalStoreTest {
    private static final SelectiveSearch SEARCH =
            new SelectiveSearch(96, 150, 150, 0.8, new Range(0.5, 2), new Range(0.3, 0.8));

    private final AtomicInteger searches = new AtomicInteger();

    @TempDir
    private Path folder;

    private ProposalStore open(String source) {
        return ProposalStore.open(folder, source, 5, SEARCH);
    }

    private Supplier<ImmutableDoubleArray> search(double... boxes) {
        return () -> {
            searches.incrementAndGet();
            return ImmutableDoubleArray.copyOf(boxes);
        };
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void anImageIsSearchedOnceInThisRunAndTheNext() {
        try (ProposalStore store = open("a")) {
            assertThat(store.get(3, search(1, 2, 30.5, 40)).asList()).containsExactly(1.0, 2.0, 30.5, 40.0);
            assertThat(store.get(0, search())).isEqualTo(ImmutableDoubleArray.of());
            assertThat(store.get(3, search(9, 9, 9, 9)).get(2)).isEqualTo(30.5);
        }
        try (ProposalStore store = open("a")) {
            assertThat(store.get(3, search(9, 9, 9, 9)).asList()).containsExactly(1.0, 2.0, 30.5, 40.0);
            assertThat(store.get(0, search(9, 9, 9, 9))).isEqualTo(ImmutableDoubleArray.of());
        }
        assertThat(searches).hasValue(2);
    }

    /** A resumed run reads what the first one computed, so both must see the same numbers. */
    @Test
    void whatIsComputedIsWhatIsReadLater() {
        ImmutableDoubleArray first;
        try (ProposalStore store = open("a")) {
            first = store.get(1, search(1.0 / 3, 0.1, 2.0 / 3, 0.7));
        }
        try (ProposalStore store = open("a")) {
            assertThat(store.get(1, search())).isEqualTo(first);
        }
    }

    @Test
    void anotherSourceHasAnotherStore() {
        try (ProposalStore a = open("a");
                ProposalStore b = open("b")) {
            a.get(1, search(1, 1, 2, 2));
            assertThat(b.get(1, search(3, 3, 4, 4)).get(0)).isEqualTo(3);
        }
    }

    @Test
    void aRecordThatWasCutOffIsComputedAgain() throws IOException {
        try (ProposalStore store = open("a")) {
            store.get(1, search(1, 1, 2, 2));
            store.get(2, search(5, 5, 6, 6));
        }
        byte[] whole = Files.readAllBytes(file());
        for (int left = whole.length / 2; left < whole.length; left++) {
            Files.write(file(), java.util.Arrays.copyOf(whole, left));
            try (ProposalStore store = open("a")) {
                assertThat(store.get(1, search(0, 0, 9, 9)).get(0)).isEqualTo(1);
                assertThat(store.get(2, search(5, 5, 6, 6)).get(0)).isEqualTo(5);
            }
            assertThat(Files.readAllBytes(file())).isEqualTo(whole);
        }
        assertThat(searches).hasValue(2 + whole.length - whole.length / 2);
    }

    @Test
    void aDamagedRecordIsComputedAgain() throws IOException {
        try (ProposalStore store = open("a")) {
            store.get(1, search(1, 1, 2, 2));
        }
        byte[] bytes = Files.readAllBytes(file());
        bytes[14] ^= 1;
        Files.write(file(), bytes);
        try (ProposalStore store = open("a")) {
            assertThat(store.get(1, search(7, 7, 8, 8)).get(0)).isEqualTo(7);
        }
    }

    @Test
    void aSecondUserOfTheFileReadsItAndKeepsItsOwnInMemory() throws IOException {
        try (ProposalStore first = open("a")) {
            first.get(1, search(1, 1, 2, 2));
            long size = Files.size(file());
            try (ProposalStore second = open("a")) {
                assertThat(second.get(1, search(9, 9, 10, 10)).get(0)).isEqualTo(1);
                assertThat(second.get(2, search(4, 4, 5, 5)).get(0)).isEqualTo(4);
                assertThat(second.get(2, search(9, 9, 10, 10)).get(0)).isEqualTo(4);
            }
            assertThat(Files.size(file())).isEqualTo(size);
        }
    }
}

package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TakingTurnsTest {
    private final NDManager manager = NDManager.newBaseManager();
    private int closed;

    @AfterEach
    void close() {
        manager.close();
    }

    /** Batches whose only array holds their number. */
    private final class Counting implements BatchSource {
        private long next;

        @Override
        public long batchesPerEpoch() {
            return 4;
        }

        @Override
        public void seek(long batch) {
            next = batch;
        }

        @Override
        public Batch next(NDManager owner) {
            return new Batch(next, 0, List.of(100 + next), Map.of("number", owner.create(next++)));
        }

        @Override
        public double waitSeconds() {
            return 0.5;
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private TakingTurns turns() {
        return new TakingTurns(List.of(
                new TakingTurns.Member("a", 3, new Counting()), new TakingTurns.Member("b", 1, new Counting())));
    }

    private List<String> take(TakingTurns source, int count) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Batch batch = source.next(manager);
            String name = batch.arrays().keySet().iterator().next();
            seen.add(batch.step() + " " + name + " " + batch.get(name).getLong() + " "
                    + batch.ids().get(0));
        }
        return seen;
    }

    @Test
    void eachSourceGoesThroughItsOwnBatchesByWeight() {
        List<String> seen = take(turns(), 16);
        assertThat(seen.stream().filter(text -> text.contains("a/number"))).hasSize(12);
        assertThat(seen.stream().filter(text -> text.contains("b/number")).map(text -> text.replaceAll(".*number", "")))
                .containsExactly(" 0 100", " 1 101", " 2 102", " 3 103");
    }

    @Test
    void seekingContinuesExactly() {
        List<String> all = take(turns(), 20);
        for (int start : new int[] {0, 1, 6, 13}) {
            TakingTurns source = turns();
            source.seek(start);
            assertThat(take(source, 5)).isEqualTo(all.subList(start, start + 5));
        }
    }

    @Test
    void timesAddUpAndAllAreClosed() {
        TakingTurns source = turns();
        assertThat(source.waitSeconds()).isEqualTo(1);
        assertThat(source.batchesPerEpoch()).isEqualTo(8);
        source.close();
        assertThat(closed).isEqualTo(2);
    }

    @Test
    void namesMustTellSourcesApart() {
        TakingTurns.Member member = new TakingTurns.Member("a", 1, new Counting());
        assertThatThrownBy(() -> new TakingTurns(List.of(member, member))).hasMessageContaining("different names");
        assertThatThrownBy(() -> new TakingTurns.Member("a/b", 1, new Counting()))
                .hasMessageContaining("slash: a/b");
    }
}

package org.generalvision.metanet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.generalvision.search.Reward;
import org.generalvision.search.Tokens;
import org.generalvision.search.Trial;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong seconds = new AtomicLong();

    private SearchProgress progress(boolean terminal) {
        PrintStream error = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        return new SearchProgress(10, Reward.Kind.MACS, error, terminal, () -> seconds.get() * 1_000_000_000L);
    }

    private static Trial trial(int number, double accuracy, long macs, @Nullable String failure) {
        return new Trial(
                number,
                new Tokens(List.of(number)),
                "line",
                1,
                accuracy,
                accuracy,
                10,
                macs,
                null,
                null,
                failure,
                List.of(),
                new Trial.Time(3, 3, 0, false));
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aNewBestIsALineWithTheFrontAndTheTimeLeft() {
        SearchProgress progress = progress(false);
        progress.begin("ppo-1", 5);
        progress.restored(trial(0, 0.5, 100, null));
        seconds.set(4);
        progress.trial(trial(1, 0.4, 50, null)); // no best, and no ten seconds
        assertThat(lines()).isEmpty();
        seconds.set(8);
        progress.trial(trial(2, 0.6, 200, null));
        assertThat(lines())
                .containsExactly(
                        "ppo-1: 3 of 5 trials, reward 0.6000 (accuracy 60.00 %, 200.0 multiply-adds), best 0.6000"
                                + " (ppo-1/2), front of 3 from 40.0 % at 50.00 multiply-adds to 60.0 % at 200.0 multiply-adds,"
                                + " 4.0 s a trial, 28 s left");
    }

    @Test
    void aTrialThatFailedIsSaidWithItsReasonAfterTenSeconds() {
        SearchProgress progress = progress(false);
        progress.begin("random-3", 5);
        progress.trial(trial(0, 0.5, 100, null));
        seconds.set(11);
        progress.trial(trial(1, 0, 100, "loss is NaN"));
        assertThat(lines()).last().asString().contains("random-3: 2 of 5 trials, failed (loss is NaN), best 0.5000");
    }

    @Test
    void onATerminalThereIsABar() {
        SearchProgress progress = progress(true);
        progress.begin("ppo-1", 5);
        progress.trial(trial(0, 0.5, 100, null));
        progress.note("training 3 candidates longer");
        progress.end();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("1/10", "best 0.5000 (ppo-1/0)", "training 3 candidates longer");
    }
}

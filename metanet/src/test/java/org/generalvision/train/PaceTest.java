package org.generalvision.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void ratesAreMeansOverTheLastHalfMinute() {
        AtomicLong nanos = new AtomicLong();
        Pace pace = new Pace(10, 110, 2.0, nanos::get);
        Progress.Report report = pace.report(10, 0, 2.0, Collections.emptySortedMap());
        for (int i = 1; i <= 50; i++) { // a slow minute: 16 images in 2 s, half of it waiting
            nanos.addAndGet(2_000_000_000L);
            report = pace.report(10 + i, 16, 2.0 + i, Collections.emptySortedMap());
        }
        for (int i = 1; i <= 40; i++) { // then 16 images in 1 s, no waiting
            nanos.addAndGet(1_000_000_000L);
            report = pace.report(60 + i, 16, 52.0, Collections.emptySortedMap());
        }
        assertThat(report.imagesPerSecond()).isCloseTo(16, within(1e-9));
        assertThat(report.dataWait()).isZero();
        assertThat(report.secondsLeft()).isCloseTo(10, within(1e-9));
    }

    @Test
    void theShareOfWaitingAndTheTimeLeftFollowFromTheSteps() {
        AtomicLong nanos = new AtomicLong();
        Pace pace = new Pace(0, 10, 0, nanos::get);
        nanos.set(4_000_000_000L);
        Progress.Report report = pace.report(1, 8, 1, Collections.emptySortedMap());
        assertThat(report.imagesPerSecond()).isEqualTo(2);
        assertThat(report.dataWait()).isEqualTo(0.25);
        assertThat(report.secondsLeft()).isEqualTo(36);
    }

    @Test
    void theTimingLogCountsFromTheStart() {
        AtomicLong nanos = new AtomicLong(5_000_000_000L);
        Pace pace = new Pace(0, 100, 3, nanos::get);
        for (int i = 1; i <= 50; i++) {
            nanos.addAndGet(2_000_000_000L);
            Progress.Report report = pace.report(i, 8, 3 + 0.5 * i, Collections.emptySortedMap());
            assertThat(pace.timing(report))
                    .containsEntry("time/seconds", 2.0 * i)
                    .containsEntry("time/dataWaitSeconds", 0.5 * i);
        }
    }
}

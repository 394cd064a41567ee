package org.generalvision.data.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static final long MIB = 1 << 20;

    /** Round numbers, so that a plan can be computed by hand. */
    private static Costs costs() {
        return new Costs(
                "a machine",
                "2026-01-01",
                "a command",
                new Costs.Sample(100, 1000, 24),
                2,
                new Rate(1e-3, 1e-6),
                new Rate(0, 2e-6),
                new Rate(3e-3, 0),
                new Rate(4e-3, 0),
                new Rate(5e-3, 1e-6),
                new Rate(6e-3, 0),
                new Rate(1e-3, 0),
                new Costs.Planning(1e-6, 30),
                new Costs.Sort(1e-6, 5e-7),
                new Costs.Search(1e-6, 1e-12));
    }

    private static Plan plan(long records, double bytes, int cores, long shardBytes) {
        return Plan.of(costs(), new Scale(records, bytes, cores, shardBytes));
    }

    private static Step step(Plan plan, String name) {
        return plan.steps().stream()
                .filter(step -> step.name().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aBuildTakesWhatItsStagesTakeOnOneCore() {
        Step build = step(plan(1_000_000, 1000, 8, 4 * MIB), "build");
        // Twice (1 + 1 + 2 + 3) ms for each of a million records.
        assertThat(build.coreHours()).isEqualTo(14_000 / 3600.0, within(1e-9));
        assertThat(build.serialCoreHours()).isEqualTo(build.coreHours());
        assertThat(build.wallHours()).isEqualTo(build.coreHours());
        assertThat(build.readBytes()).isEqualTo(1_000_000_000);
        assertThat(build.diskBytes()).isEqualTo(1_024_000_000);
        assertThat(build.shuffleBytes()).isZero();
        // 245 shards of a KB each.
        assertThat(build.memoryBytes()).isEqualTo(256 * MIB + 245 * 1024);
    }

    @Test
    void shardsAndTheirManifestAreCounted() {
        Plan plan = plan(1_000_000, 1000, 8, 4 * MIB);
        assertThat(plan.diskBytes()).isEqualTo(1_024_000_000);
        assertThat(plan.shards()).isEqualTo(245);
        assertThat(plan.manifestBytes()).isEqualTo(245 * 330);
        assertThat(plan.limits()).isEmpty();
    }

    @Test
    void aBuildOnSparkReadsTwiceOnAllCoresAndPlansOnOne() {
        Plan plan = plan(1_000_000, 1000, 8, 4 * MIB);
        Step survey = step(plan, "or on Spark: survey");
        // Twice (1 + 1 + 1) ms, then twice (1 + 1 + 2 + 3) ms, for each of a million records.
        assertThat(survey.coreHours()).isEqualTo(6000 / 3600.0, within(1e-9));
        assertThat(survey.wallHours()).isEqualTo(750 / 3600.0, within(1e-9));
        assertThat(survey.readBytes()).isEqualTo(1_000_000_000);
        assertThat(survey.shuffleBytes()).isEqualTo(30_000_000);
        assertThat(survey.diskBytes()).isZero();
        Step planning = step(plan, "on Spark: plan");
        assertThat(planning.coreHours()).isEqualTo(2 / 3600.0, within(1e-12));
        assertThat(planning.wallHours()).isEqualTo(planning.coreHours());
        assertThat(planning.readBytes()).isZero();
        Step writing = step(plan, "on Spark: write");
        assertThat(writing.coreHours()).isEqualTo(step(plan, "build").coreHours());
        assertThat(writing.wallHours()).isEqualTo(1750 / 3600.0, within(1e-9));
        assertThat(writing.readBytes()).isEqualTo(1_000_000_000);
        assertThat(writing.diskBytes()).isEqualTo(1_024_000_000);
        assertThat(writing.shuffleBytes()).isZero();
    }

    @Test
    void perceptualHashesAreMadeByTheBuildsThread() {
        Step hashes = step(plan(3600, 1000, 8, MIB), "perceptual");
        assertThat(hashes.coreHours()).isEqualTo(2 * 6e-3, within(1e-12));
        assertThat(hashes.wallHours()).isEqualTo(hashes.coreHours());
    }

    @Test
    void exactDuplicatesReadOnAllCoresAndSortOnOne() {
        Step exact = step(plan(1_000_000, 1000, 8, 4 * MIB), "exact");
        double reading = 2 * 6e-3 * 1e6;
        // Four runs of 2^18 records, which are merged once.
        double sorting = 2 * 1.5e-6 * 1e6;
        assertThat(exact.coreHours()).isEqualTo((reading + sorting) / 3600, within(1e-9));
        assertThat(exact.serialCoreHours()).isEqualTo(sorting / 3600, within(1e-12));
        assertThat(exact.wallHours()).isEqualTo((reading / 8 + sorting) / 3600, within(1e-9));
        assertThat(exact.temporaryBytes()).isEqualTo(44_000_000);
        assertThat(step(plan(1000, 1000, 8, MIB), "exact").temporaryBytes()).isZero();
    }

    @Test
    void theSearchForNearDuplicatesGrowsWithTheSquare() {
        Step small = step(plan(1_000_000, 1000, 8, MIB), "near");
        assertThat(small.serialCoreHours()).isEqualTo(2 * (1 + 1) / 3600.0, within(1e-12));
        Step large = step(plan(10_000_000, 1000, 8, MIB), "near");
        assertThat(large.serialCoreHours()).isEqualTo(2 * (10 + 100) / 3600.0, within(1e-12));
        assertThat(large.memoryBytes()).isEqualTo(256 * MIB + 600_000_000);
    }

    @Test
    void whatCannotBeDoneIsSaidAndCostsNothing() {
        Plan plan = plan(1L << 31, 1000, 8, 256 * MIB);
        Step near = step(plan, "near");
        assertThat(near.impossible()).contains("1073741824");
        assertThat(near.coreHours()).isZero();
        assertThat(plan.limits()).singleElement().asString().contains("near-duplicates", "split it");
    }

    @Test
    void aManifestThatWouldBeTooLargeNeedsLargerShards() {
        long most = 256 * MIB / 330;
        // Records of 1,024 bytes on the disk, 1,024 of them in a shard.
        assertThat(plan(most * 1024, 1000, 8, MIB).limits()).isEmpty();
        List<String> limits = plan(most * 2048, 1000, 8, MIB).limits();
        assertThat(limits.get(0)).contains((2 * most) + " shards", "at least " + 2 * MIB + " bytes (--shard-bytes)");
        assertThat(plan(1_000_000_000_000L, 10_000, 8, MIB).limits().get(0))
                .contains("12 directories with shards of 1073741824 bytes");
    }

    @Test
    void moreRecordsOrBytesCostMoreAndMoreCoresTakeNoLonger() {
        List<Plan> plans = LongStream.of(1, 1000, 262_143, 262_144, 20_000_000, 1_000_000_000)
                .mapToObj(records -> plan(records, 1000, 4, MIB))
                .toList();
        for (int i = 1; i < plans.size(); i++) {
            for (int step = 0; step < plans.get(i).steps().size(); step++) {
                Step less = plans.get(i - 1).steps().get(step);
                Step more = plans.get(i).steps().get(step);
                assertThat(more.coreHours()).as(more.name()).isGreaterThan(less.coreHours());
                assertThat(more.wallHours()).isGreaterThan(less.wallHours());
                assertThat(more.readBytes()).isGreaterThanOrEqualTo(less.readBytes());
                assertThat(more.memoryBytes()).isGreaterThanOrEqualTo(less.memoryBytes());
            }
        }
        Plan base = plan(1_000_000, 1000, 4, MIB);
        Plan larger = plan(1_000_000, 2000, 4, MIB);
        Plan wider = plan(1_000_000, 1000, 5, MIB);
        for (int step = 0; step < base.steps().size(); step++) {
            assertThat(larger.steps().get(step).coreHours())
                    .isGreaterThanOrEqualTo(base.steps().get(step).coreHours());
            assertThat(wider.steps().get(step).coreHours())
                    .isEqualTo(base.steps().get(step).coreHours());
            assertThat(wider.steps().get(step).wallHours())
                    .isLessThanOrEqualTo(base.steps().get(step).wallHours());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0",
        "262143, 0, 0",
        "262144, 1, 1",
        "1048576, 4, 1",
        "16777216, 64, 1",
        // 65 runs: the first 64 are merged into one, which is merged with the last.
        "16777217, 65, 1.984615384615",
        // 4096 runs: 64 merges of 64, and a last one.
        "1073741824, 4096, 2"
    })
    void runsAreMergedAsTheSorterDoesIt(long records, long runs, double passes) {
        assertThat(new ExternalSort(records).runs()).isEqualTo(runs);
        assertThat(new ExternalSort(records).passes()).isEqualTo(passes, within(1e-9));
    }

    @Test
    void aRateIsFoundFromExactObservations() {
        Rate rate = Rate.fit(DoubleStream.of(100, 1000, 50_000)
                .mapToObj(bytes -> new Rate.Point(bytes, 2e-5 + 3e-9 * bytes))
                .toList());
        assertThat(rate.secondsPerRecord()).isEqualTo(2e-5, within(1e-12));
        assertThat(rate.secondsPerByte()).isEqualTo(3e-9, within(1e-16));
        assertThat(rate.seconds(10, 1000)).isEqualTo(2.3e-4, within(1e-12));
    }

    @Test
    void noPartOfARateIsNegative() {
        Rate falling = Rate.fit(List.of(new Rate.Point(100, 2e-5), new Rate.Point(1000, 1e-5)));
        assertThat(falling.secondsPerByte()).isZero();
        // The relative errors of c are (c / 2e-5 - 1) and (c / 1e-5 - 1): c = (1 / 2e-5 + 1 / 1e-5) / (1 / 4e-10 + 1 /
        // 1e-10).
        assertThat(falling.secondsPerRecord()).isEqualTo(1.2e-5, within(1e-12));
        Rate steep = Rate.fit(List.of(new Rate.Point(100, 1e-6), new Rate.Point(1000, 1e-4)));
        assertThat(steep.secondsPerRecord()).isZero();
        assertThat(steep.secondsPerByte()).isPositive();
        Rate oneSize = Rate.fit(List.of(new Rate.Point(100, 1e-6), new Rate.Point(100, 1e-6)));
        assertThat(oneSize.seconds(1, 100)).isEqualTo(1e-6, within(1e-15));
    }

    @Test
    void costsReadBackAsTheyWereWritten() {
        assertThat(Costs.parse("costs.yaml", costs().text())).isEqualTo(costs());
        Costs odd = new Costs(
                "it's: #1",
                "2026-01-01",
                "a\nb",
                new Costs.Sample(1, 1, 0),
                1,
                new Rate(0, 0),
                new Rate(0, 0),
                new Rate(0, 0),
                new Rate(0, 0),
                new Rate(0, 0),
                new Rate(0, 0),
                new Rate(0, 0),
                new Costs.Planning(0, 0),
                new Costs.Sort(0, 0),
                new Costs.Search(0, 0));
        Costs read = Costs.parse("costs.yaml", odd.text());
        assertThat(read.machine()).isEqualTo("it's: #1");
        assertThat(read.command()).isEqualTo("a b");
    }

    @Test
    void theShippedCostsAreWhole() {
        Costs shipped = Costs.shipped();
        assertThat(shipped.sample().records()).isGreaterThanOrEqualTo(SampleRecords.FEWEST);
        assertThat(shipped.decode().seconds(1, 10_000)).isPositive();
        assertThat(Plan.of(shipped, new Scale(10_000_000, 50_000, 64, 256 * MIB))
                        .limits())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1e-3", "1e400", "text"})
    void brokenCostsAreRefused(String value) {
        String broken =
                costs().text().replaceFirst("hash: \\{secondsPerRecord: 0", "hash: {secondsPerRecord: " + value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Costs.parse("costs.yaml", broken))
                .withMessageContainingAll("costs.yaml", "secondsPerRecord");
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Scale(0, 1000, 1, MIB))
                .withMessageContaining("records");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Scale(1, Double.NaN, 1, MIB))
                .withMessageContaining("bytes per record");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Scale(1, 1000, 0, MIB))
                .withMessageContaining("cores");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Scale(1, 1000, 1, 1L << 31))
                .withMessageContaining("target size");
    }
}

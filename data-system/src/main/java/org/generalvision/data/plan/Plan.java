package org.generalvision.data.plan;

import java.util.ArrayList;
import java.util.List;
import org.generalvision.data.curate.NearDuplicates;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardWriter;

/**
 * What it takes to build, curate and read a data set of a size.
 *
 * @param scale what was planned for
 * @param diskBytes of the finished shards
 * @param shards their number
 * @param manifestBytes size of the manifest that lists them
 * @param steps in the order in which they are taken
 * @param limits what is not possible at this size, or only with other settings; empty if nothing stands in the way
 */
public record Plan(
        Scale scale, long diskBytes, long shards, long manifestBytes, List<Step> steps, List<String> limits) {
    /** Heap and native memory of a process that streams, whatever the number of records. */
    private static final double PROCESS_BYTES = 256 << 20;

    /** What a writer and a reader hold of each shard: its name, size and checksums. */
    private static final double BYTES_PER_OPEN_SHARD = 1024;

    /** Of a removed row: a bit, once while it is gathered and once when it is in force, and counts for each 512 rows. */
    private static final double KEPT_ROW_BYTES = 2.0 / Byte.SIZE + 8.0 / 512;

    /** Hash, index, area, annotations and their places in the index of near-duplicates. */
    private static final double NEAR_DUPLICATE_BYTES = 60;

    public Plan {
        steps = List.copyOf(steps);
        limits = List.copyOf(limits);
    }

    /** The plan of a size with costs that were measured before. */
    public static Plan of(Costs costs, Scale scale) {
        double disk = scale.records() * (scale.bytesPerRecord() + costs.sample().bytesBesideImage());
        long shards = (long) Math.ceil(disk / scale.shardBytes());
        List<String> limits = new ArrayList<>();
        manifestLimit(disk, shards, scale, limits);
        List<Step> steps = new Steps(costs, scale, disk, shards).all();
        for (Step step : steps) {
            if (step.impossible() != null) {
                limits.add(step.name() + ": " + step.impossible());
            }
        }
        return new Plan(scale, Math.round(disk), shards, shards * Manifest.BYTES_PER_SHARD, steps, limits);
    }

    private static void manifestLimit(double disk, long shards, Scale scale, List<String> limits) {
        long most = Manifest.MAX_BYTES / Manifest.BYTES_PER_SHARD;
        if (shards <= most) {
            return;
        }
        long needed = (long) Math.ceil(disk / most);
        String remedy = needed <= ShardWriter.MAX_SHARD_BYTES
                ? "shards of at least %d bytes (--shard-bytes)".formatted(needed)
                : "%d directories with shards of %d bytes, mixed when they are read"
                        .formatted(
                                (long) Math.ceil((double) needed / ShardWriter.MAX_SHARD_BYTES),
                                ShardWriter.MAX_SHARD_BYTES);
        limits.add("manifest: %d shards of %d bytes are more than the %d that one manifest lists; it takes %s"
                .formatted(shards, scale.shardBytes(), most, remedy));
    }

    /** The steps as the code takes them: what runs on one thread there is serial here. */
    private record Steps(Costs costs, Scale scale, double disk, long shards) {
        List<Step> all() {
            return List.of(
                    build(),
                    survey(),
                    planning(),
                    writing(),
                    perceptualHashes(),
                    exactDuplicates(),
                    nearDuplicates(),
                    epoch());
        }

        /** One thread reads, hashes and writes: {@code ShardBuild}. */
        private Step build() {
            return Step.of("build")
                    .serial(seconds(costs.read()) + seconds(costs.hash()) + seconds(costs.write()))
                    .reads(scale.sourceBytes())
                    .keeps(disk)
                    .holds(PROCESS_BYTES + shards * BYTES_PER_OPEN_SHARD)
                    .on(scale.cores());
        }

        /** Instead of that, builds on Spark: all cores read, and hand what they find to the driver. */
        private Step survey() {
            return Step.of("or on Spark: survey")
                    .parallel(seconds(costs.read()) + seconds(costs.survey()))
                    .reads(scale.sourceBytes())
                    .shuffles(scale.records() * costs.planning().bytesPerRecord())
                    .holds(PROCESS_BYTES)
                    .on(scale.cores());
        }

        /** The driver alone: {@code SharedBuild}. */
        private Step planning() {
            return Step.of("on Spark: plan, by the driver")
                    .serial(costs.overhead()
                            * scale.records()
                            * costs.planning().secondsPerRecord())
                    .holds(PROCESS_BYTES + shards * BYTES_PER_OPEN_SHARD)
                    .on(scale.cores());
        }

        /** All cores read the collection again and write. */
        private Step writing() {
            return Step.of("on Spark: write")
                    .parallel(seconds(costs.read()) + seconds(costs.hash()) + seconds(costs.write()))
                    .reads(scale.sourceBytes())
                    .keeps(disk)
                    .holds(PROCESS_BYTES)
                    .on(scale.cores());
        }

        /** What {@code --perceptual-hashes} adds to a build without Spark, on its thread: {@code HashedSource}. */
        private Step perceptualHashes() {
            return Step.of("perceptual hashes, while building")
                    .serial(seconds(costs.perceptualHash()))
                    .on(scale.cores());
        }

        /** All cores read and hash, one sorts on disk: {@code ExactDuplicates}. */
        private Step exactDuplicates() {
            ExternalSort sort = new ExternalSort(scale.records());
            double sorting = scale.records()
                    * (costs.sort().secondsPerRecord()
                            + sort.passes() * costs.sort().secondsPerMerge());
            return Step.of("exact duplicates")
                    .parallel(seconds(costs.readShards()) + seconds(costs.hash()))
                    .serial(sorting * costs.overhead())
                    .reads(disk)
                    .spills(sort.diskBytes())
                    .holds(PROCESS_BYTES + scale.records() * KEPT_ROW_BYTES + shards * BYTES_PER_OPEN_SHARD)
                    .on(scale.cores());
        }

        /** All cores read, with hashes that the build has kept; one searches, in memory: {@code NearDuplicates}. */
        private Step nearDuplicates() {
            String name = "near-duplicates, by kept hashes";
            double records = scale.records();
            if (scale.records() > NearDuplicates.MAX_EXAMPLES) {
                return Step.impossible(
                        name,
                        "one directory may hold %d examples; split it, and what looks the same in two parts is not found"
                                .formatted(NearDuplicates.MAX_EXAMPLES));
            }
            double searching = records
                    * (costs.search().secondsPerRecord()
                            + records * costs.search().secondsPerPair());
            return Step.of(name)
                    .parallel(seconds(costs.readShards()))
                    .serial(searching * costs.overhead())
                    .reads(disk)
                    .holds(PROCESS_BYTES + records * NEAR_DUPLICATE_BYTES)
                    .on(scale.cores());
        }

        private Step epoch() {
            return Step.of("an epoch of training, reading")
                    .parallel(seconds(costs.readShards()) + seconds(costs.decode()))
                    .reads(disk)
                    .holds(PROCESS_BYTES + scale.records() * KEPT_ROW_BYTES + shards * BYTES_PER_OPEN_SHARD)
                    .on(scale.cores());
        }

        private double seconds(Rate rate) {
            return costs.overhead() * rate.seconds((double) scale.records(), scale.bytesPerRecord());
        }
    }
}

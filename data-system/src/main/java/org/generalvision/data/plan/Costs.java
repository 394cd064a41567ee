package org.generalvision.data.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.generalvision.recipe.Recipe;

/**
 * What the stages of the data system cost on one machine: a YAML file that {@code gv data plan --out} writes. All times are those of one
 * thread at work, in seconds of processor time.
 *
 * @param machine on which it was measured
 * @param date of the measurement, ISO 8601
 * @param command that measured it
 * @param sample what it was measured on
 * @param overhead processor time of the whole process, its garbage collector and compiler included, over that of the thread at work; at
 *     least 1
 * @param read a record from a WebDataset tar, or from the source that was named
 * @param hash SHA-256 of an image
 * @param write into a shard, its checksums included
 * @param readShards from a shard whose pages are in memory, checksums of the first touch included
 * @param perceptualHash of an image, decoding included
 * @param decode an image and make a random crop of 224 x 224 pixels of it, as a training step reads it
 * @param survey of a record that is read, for builds on Spark
 * @param planning of shards from surveys
 * @param sort of the records that exact duplicates are found by
 * @param search for near-duplicates
 */
public record Costs(
        String machine,
        String date,
        String command,
        Sample sample,
        double overhead,
        Rate read,
        Rate hash,
        Rate write,
        Rate readShards,
        Rate perceptualHash,
        Rate decode,
        Rate survey,
        Planning planning,
        Sort sort,
        Search search) {
    private static final String SHIPPED = "costs.yaml";

    public Costs {
        if (!(overhead >= 1) || Double.isInfinite(overhead)) {
            throw new IllegalArgumentException("overhead must be finite and at least 1: " + overhead);
        }
    }

    /**
     * The records that costs were measured on.
     *
     * @param records how many
     * @param bytesPerRecord mean size of an encoded image, positive
     * @param bytesBesideImage mean bytes that a shard takes for a record beside its image
     */
    public record Sample(long records, double bytesPerRecord, double bytesBesideImage) {
        public Sample {
            if (records < 1) {
                throw new IllegalArgumentException("records must be positive: " + records);
            }
            if (!(bytesPerRecord > 0) || Double.isInfinite(bytesPerRecord)) {
                throw new IllegalArgumentException("bytesPerRecord must be positive and finite: " + bytesPerRecord);
            }
            Rate.requireNotNegative("bytesBesideImage", bytesBesideImage);
        }
    }

    /**
     * What the driver does with surveys.
     *
     * @param secondsPerRecord to read its survey and to place it
     * @param bytesPerRecord of its survey
     */
    public record Planning(double secondsPerRecord, double bytesPerRecord) {
        public Planning {
            Rate.requireNotNegative("secondsPerRecord", secondsPerRecord);
            Rate.requireNotNegative("bytesPerRecord", bytesPerRecord);
        }
    }

    /**
     * Sorting on disk.
     *
     * @param secondsPerRecord to sort it in memory and write it to a run
     * @param secondsPerMerge to read it from a run and merge it, in each pass over the runs
     */
    public record Sort(double secondsPerRecord, double secondsPerMerge) {
        public Sort {
            Rate.requireNotNegative("secondsPerRecord", secondsPerRecord);
            Rate.requireNotNegative("secondsPerMerge", secondsPerMerge);
        }
    }

    /**
     * Search among hashes that do not cluster, at distance 4.
     *
     * @param secondsPerRecord to enter and group it
     * @param secondsPerPair for each pair of records: buckets grow with the number of records, so it is compared with more of them
     */
    public record Search(double secondsPerRecord, double secondsPerPair) {
        public Search {
            Rate.requireNotNegative("secondsPerRecord", secondsPerRecord);
            Rate.requireNotNegative("secondsPerPair", secondsPerPair);
        }
    }

    /** The costs that come with the project. */
    public static Costs shipped() {
        try (InputStream in = Objects.requireNonNull(Costs.class.getResourceAsStream(SHIPPED))) {
            return parse(SHIPPED, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + SHIPPED, e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is missing or no file of costs
     */
    public static Costs load(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("There is no file of costs " + file
                    + ": measure one with gv data plan --measure DIR --out " + file);
        }
        return Recipe.load(file.toString()).as(Costs.class);
    }

    static Costs parse(String name, String yaml) {
        return Recipe.of(name, name, yaml).as(Costs.class);
    }

    /** As a file, which reads back as the same costs to seven digits. */
    public String text() {
        StringBuilder text = new StringBuilder(1024);
        text.append("# Processor seconds of one thread; see the section on plans in the README of the data system.\n");
        text.append("machine: ").append(quoted(machine)).append('\n');
        text.append("date: ").append(quoted(date)).append('\n');
        text.append("command: ").append(quoted(command)).append('\n');
        text.append("sample: {records: %d, bytesPerRecord: %s, bytesBesideImage: %s}%n"
                .formatted(sample.records, number(sample.bytesPerRecord), number(sample.bytesBesideImage)));
        text.append("overhead: ").append(number(overhead)).append('\n');
        append(text, "read", read);
        append(text, "hash", hash);
        append(text, "write", write);
        append(text, "readShards", readShards);
        append(text, "perceptualHash", perceptualHash);
        append(text, "decode", decode);
        append(text, "survey", survey);
        text.append("planning: {secondsPerRecord: %s, bytesPerRecord: %s}%n"
                .formatted(number(planning.secondsPerRecord), number(planning.bytesPerRecord)));
        text.append("sort: {secondsPerRecord: %s, secondsPerMerge: %s}%n"
                .formatted(number(sort.secondsPerRecord), number(sort.secondsPerMerge)));
        text.append("search: {secondsPerRecord: %s, secondsPerPair: %s}%n"
                .formatted(number(search.secondsPerRecord), number(search.secondsPerPair)));
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Rate rate) {
        text.append("%s: {secondsPerRecord: %s, secondsPerByte: %s}%n"
                .formatted(name, number(rate.secondsPerRecord()), number(rate.secondsPerByte())));
    }

    private static String number(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.6e", value);
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''").replaceAll("\\p{Cntrl}", " ") + "'";
    }
}

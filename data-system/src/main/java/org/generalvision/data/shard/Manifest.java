package org.generalvision.data.shard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a directory of shards holds. It is written last, so a directory without one is not whole.
 *
 * @param schemaVersion version of the columns and checksums, {@value #SCHEMA_VERSION} now; older ones are read
 * @param examples examples in all shards
 * @param bytes size of all shards
 * @param shards the shard files in the order of their examples
 * @param annotated examples that have captions, labels, absentLabels, boxes, masks, depth or hashes, or are synthetic, by that word
 * @param sources examples by source
 * @param licences examples by licence
 */
public record Manifest(
        int schemaVersion,
        long examples,
        long bytes,
        List<Shard> shards,
        SortedMap<String, Long> annotated,
        SortedMap<String, Long> sources,
        SortedMap<String, Long> licences) {
    public static final String FILE_NAME = "manifest.json";
    public static final int SCHEMA_VERSION = ExampleSchema.VERSION;

    /** The largest manifest that is read. */
    public static final long MAX_BYTES = 256L << 20;

    /** The most that a shard takes in a manifest, its number having up to eight digits. */
    public static final int BYTES_PER_SHARD = 330;

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public Manifest {
        boolean known = schemaVersion >= 1 && schemaVersion <= ExampleSchema.VERSION;
        require(known, "schemaVersion", schemaVersion, "lie in 1.." + ExampleSchema.VERSION);
        shards = List.copyOf(shards);
        annotated = counts("annotated", annotated, examples);
        sources = counts("sources", sources, examples);
        licences = counts("licences", licences, examples);
        long rowSum = 0;
        long byteSum = 0;
        Set<String> files = new HashSet<>();
        for (Shard shard : shards) {
            boolean complete = shard.footer() != null || schemaVersion < ExampleSchema.FOOTERS_SINCE;
            require(complete, "footer of " + shard.file(), "missing", "be there since schema version 3");
            require(files.add(shard.file()), "shards", shard.file(), "be named once");
            // Each shard is bounded (below 2^31), so the sums stay far from overflow.
            rowSum += shard.rows();
            byteSum += shard.bytes();
        }
        require(examples == rowSum, "examples", examples, "equal the rows of all shards, " + rowSum);
        require(bytes == byteSum, "bytes", bytes, "equal the bytes of all shards, " + byteSum);
    }

    /** A manifest of shards of which nothing else is known. */
    static Manifest ofShards(List<Shard> shards) {
        long examples = shards.stream().mapToLong(Shard::rows).sum();
        long bytes = shards.stream().mapToLong(Shard::bytes).sum();
        ImmutableSortedMap<String, Long> none = ImmutableSortedMap.of();
        return new Manifest(ExampleSchema.VERSION, examples, bytes, shards, none, none, none);
    }

    /**
     * One shard file.
     *
     * @param file plain file name, no folder
     * @param rows examples in it, at least one
     * @param bytes its size, below 2 GiB, so that one mapping covers it
     * @param sha256 checksum of its bytes in lower-case hexadecimal
     * @param footer its end; null before schema version 3, which had no checksums there
     */
    public record Shard(
            String file,
            long rows,
            long bytes,
            String sha256,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Footer footer) {
        private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}\\.arrow");

        public Shard {
            require(isName(file), "file", file, "be a plain file name that ends in .arrow");
            require(bytes > 0 && bytes <= Integer.MAX_VALUE, "bytes of " + file, bytes, "lie in 1..2^31-1");
            // Even an empty example takes more than a byte in each of its columns.
            require(rows > 0 && rows <= bytes, "rows of " + file, rows, "lie in 1..bytes");
            requireSha256("sha256 of " + file, sha256);
            require(footer == null || footer.bytes() <= bytes, "footer of " + file, footer, "end with the file");
        }

        /** Whether a file may be a shard, by its name. */
        static boolean isName(String file) {
            return FILE.matcher(file).matches();
        }
    }

    /**
     * The last bytes of a shard, after its last record batch. They hold checksums of all that comes before.
     *
     * @param bytes how many
     * @param sha256 their checksum in lower-case hexadecimal
     */
    public record Footer(long bytes, String sha256) {
        public Footer {
            require(bytes > 0, "bytes of a footer", bytes, "be positive");
            requireSha256("sha256 of a footer", sha256);
        }
    }

    /**
     * Reads and checks the manifest of a directory.
     *
     * @throws IllegalArgumentException if there is none, or it is not a manifest
     */
    public static Manifest read(Path directory) {
        return parse(readBytes(directory), directory.resolve(FILE_NAME).toString());
    }

    static byte[] readBytes(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("No " + FILE_NAME + " in " + directory
                    + ": not a directory of shards, or its build was not finished: make it with gv data build --from"
                    + " FORMAT --source SOURCE --out " + directory);
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException(
                        file + " has " + Files.size(file) + " bytes, a manifest at most " + MAX_BYTES);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** Parses a manifest; {@code name} says in errors where it came from. */
    public static Manifest parse(byte[] json, String name) {
        try {
            JsonNode tree = JSON.readTree(json);
            int version = tree.path("schemaVersion").asInt();
            if (version > ExampleSchema.VERSION) {
                throw new IllegalArgumentException(
                        "%s has schema version %d, this program reads up to %d: update the program"
                                .formatted(name, version, ExampleSchema.VERSION));
            }
            requireNoNull(tree);
            if (version < ExampleSchema.FOOTERS_SINCE) {
                tree.path("shards").forEach(Manifest::addNoFooter);
            }
            return JSON.treeToValue(tree, Manifest.class);
        } catch (IOException e) {
            String reason = e instanceof JsonProcessingException j ? j.getOriginalMessage() : e.getMessage();
            throw new IllegalArgumentException(
                    name + " is not a manifest of shards: " + reason + "; copy or build the directory again", e);
        }
    }

    /** SHA-256 of a manifest's bytes in hexadecimal. */
    static String hash(byte[] json) {
        return Hashing.sha256().hashBytes(json).toString();
    }

    /** Writes {@value #FILE_NAME} whole or not at all. */
    void write(Path directory) {
        try {
            String json = JSON.writeValueAsString(this) + "\n";
            Durable.write(directory.resolve(FILE_NAME), json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the manifest of " + directory, e);
        }
    }

    /** Every member must be there, so that a misspelled one is found; earlier versions did not have this one. */
    private static void addNoFooter(JsonNode shard) {
        if (shard instanceof ObjectNode members && !members.has("footer")) {
            members.putNull("footer");
        }
    }

    private static void requireNoNull(JsonNode tree) throws IOException {
        if (tree.isNull() || tree.isMissingNode()) {
            throw new IOException("a value is null or missing");
        }
        for (JsonNode child : tree) {
            requireNoNull(child);
        }
    }

    private static void requireSha256(String name, String sha256) {
        require(SHA256.matcher(sha256).matches(), name, sha256, "be 64 lower-case hex digits");
    }

    private static SortedMap<String, Long> counts(String name, Map<String, Long> counts, long examples) {
        counts.forEach((key, count) -> require(
                count > 0 && count <= examples, name + "." + key, count, "lie in 1.." + examples + " (examples)"));
        return ImmutableSortedMap.copyOf(counts);
    }

    private static void require(boolean holds, String name, @Nullable Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + " but must " + rule);
        }
    }
}

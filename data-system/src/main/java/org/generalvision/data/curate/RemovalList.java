package org.generalvision.data.curate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * What one step removed, as a file of JSON lines: a header, then one {@link Removal} a line.
 *
 * @param file where it lies
 * @param header its first line
 */
public record RemovalList(Path file, Header header) {
    static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private static final String REMEDY = "copy the file again, or undo the step (gv data undo)";

    /**
     * How the list came about.
     *
     * @param step name of the step, such as {@code exact-duplicates}
     * @param settings what the step was told
     * @param manifest hash of the shards that the indices belong to
     * @param source hash of what the step saw: the shards without what earlier steps removed
     * @param examples examples that the step saw
     * @param removed removals in the list
     */
    public record Header(
            String step,
            SortedMap<String, Object> settings,
            String manifest,
            String source,
            long examples,
            long removed) {
        public Header {
            CurationStep.requireName(step);
            if (removed < 0 || removed > examples) {
                throw new IllegalArgumentException(
                        "removed must lie in 0..%d (examples): %d".formatted(examples, removed));
            }
        }
    }

    /** The name of the file without its ending, such as {@code 001-exact-duplicates}. */
    public String name() {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - CurationSteps.ENDING.length());
    }

    /**
     * Reads the header.
     *
     * @throws IllegalArgumentException if the file does not begin with one
     */
    static RemovalList open(Path file) {
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            return new RemovalList(file, next(file, parser, Header.class));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /**
     * Reads all removals.
     *
     * @throws IllegalArgumentException if a line is malformed or there are more or fewer than the header says
     */
    public void forEach(Consumer<Removal> consumer) {
        long count = 0;
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            next(file, parser, Header.class);
            while (hasNext(file, parser)) {
                consumer.accept(read(file, parser, Removal.class));
                count++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
        if (count != header.removed()) {
            throw new IllegalArgumentException(
                    "%s has %d removals, its header says %d: %s".formatted(file, count, header.removed(), REMEDY));
        }
    }

    private static <T> T next(Path file, JsonParser parser, Class<T> type) throws IOException {
        if (!hasNext(file, parser)) {
            throw new IllegalArgumentException(file + " is empty, a removal list begins with a header: " + REMEDY);
        }
        return read(file, parser, type);
    }

    private static boolean hasNext(Path file, JsonParser parser) throws IOException {
        try {
            return parser.nextToken() != null;
        } catch (JsonProcessingException | CharConversionException e) {
            throw wrong(file, parser, e);
        }
    }

    private static <T> T read(Path file, JsonParser parser, Class<T> type) throws IOException {
        try {
            return JSON.readValue(parser, type);
        } catch (JsonProcessingException | CharConversionException e) {
            throw wrong(file, parser, e);
        }
    }

    private static IllegalArgumentException wrong(Path file, JsonParser parser, IOException e) {
        String reason = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new IllegalArgumentException(
                "%s, line %d, is not part of a removal list: %s; %s"
                        .formatted(file, parser.currentTokenLocation().getLineNr(), reason, REMEDY),
                e);
    }
}

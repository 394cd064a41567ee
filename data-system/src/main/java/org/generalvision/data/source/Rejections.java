package org.generalvision.data.source;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The items that could not be used, as JSON lines: being written, or compared with those that an earlier build wrote. */
abstract class Rejections implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private long count;

    /** Writes a new file, which {@link #finish} removes again if there were none. */
    static Rejections write(Path file) throws IOException {
        return new Written(file);
    }

    /** Compares with a file, where none is the same as an empty one. */
    static Rejections compare(Path file) throws IOException {
        return new Compared(file);
    }

    final void add(Candidate candidate) throws IOException {
        line(JSON.writeValueAsString(candidate));
        count++;
    }

    final long count() {
        return count;
    }

    abstract void line(String json) throws IOException;

    /** There are no more. */
    abstract void finish() throws IOException;

    @Override
    public abstract void close() throws IOException;

    private static final class Written extends Rejections {
        private final Path file;
        private final FileChannel channel;
        private final BufferedWriter writer;

        Written(Path file) throws IOException {
            this.file = file;
            channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
        }

        @Override
        void line(String json) throws IOException {
            writer.write(json);
            writer.write('\n');
        }

        @Override
        void finish() throws IOException {
            writer.flush();
            channel.force(true);
            if (count() == 0) {
                Files.delete(file);
            }
        }

        @Override
        public void close() throws IOException {
            // Not the writer's close: it would flush, and fail again on the disk that was full.
            channel.close();
        }
    }

    private static final class Compared extends Rejections {
        private final Path file;
        private final BufferedReader reader;

        Compared(Path file) throws IOException {
            this.file = file;
            reader = Files.exists(file) ? Files.newBufferedReader(file) : new BufferedReader(new StringReader(""));
        }

        @Override
        void line(String json) throws IOException {
            require(reader.readLine(), json);
        }

        @Override
        void finish() throws IOException {
            require(reader.readLine(), null);
        }

        private void require(@Nullable String written, @Nullable String json) {
            if (written == null ? json != null : !written.equals(json)) {
                throw new IllegalArgumentException(
                        "Rejected item %d of %s is %s, but now %s: the source has changed since; %s"
                                .formatted(count(), file, written, json, "undo the change, or name another directory"));
            }
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}

package org.generalvision.data.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * One object on its way to a file. The SDK repeats requests that fail; here a body that is cut goes on where it ended, of the
 * same version of the object.
 */
final class S3Download {
    private static final int BUFFER_BYTES = 1 << 17;
    private static final long LEAST_PROGRESS = 1L << 20;
    /** A server must send as much while it may be silent. */
    private static final long CRAWL_BYTES = 1L << 16;

    private final S3Client client;
    private final S3Location location;
    private final String file;
    private final long bytes;
    private final Patience patience;
    private final BackoffStrategy pauses;
    private @Nullable String version;

    /**
     * A download that has not begun.
     *
     * @param bytes that the object must have
     */
    S3Download(S3Client client, S3Location location, String file, long bytes, Patience patience) {
        this.client = client;
        this.location = location;
        this.file = file;
        this.bytes = bytes;
        this.patience = patience;
        pauses = BackoffStrategy.exponentialDelay(patience.pause(), patience.longestPause());
    }

    /** A body that ended early, or came too slowly. */
    private static final class CutException extends IOException {
        private static final long serialVersionUID = 1;

        CutException(IOException cause) {
            super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /**
     * Appends what is missing.
     *
     * @param to exists; what it holds already must be the object's beginning, which nobody checks here
     * @throws IllegalArgumentException if the object has another size
     * @throws IOException if bodies are cut too often, or the file cannot be written
     */
    void into(Path to) throws IOException {
        long have = Files.size(to);
        int failures = 0;
        while (have < bytes) {
            try {
                append(to, have);
                have = bytes;
            } catch (CutException e) {
                long now = Files.size(to);
                failures = now - have >= LEAST_PROGRESS ? 1 : failures + 1;
                have = now;
                if (failures == patience.attempts()) {
                    throw new IOException(
                            "Cannot read %s/%s (%s, in each of %d attempts; %,d of %,d bytes arrived): check the network, and start again, which goes on from there"
                                    .formatted(location, file, e.getMessage(), failures, have, bytes),
                            e);
                }
                pause(failures);
            }
        }
    }

    private void pause(int failures) {
        try {
            TimeUnit.MILLISECONDS.sleep(pauses.computeDelay(failures).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + file + " was read", e);
        }
    }

    private void append(Path to, long have) throws IOException {
        try (FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
            ResponseInputStream<GetObjectResponse> in = client.getObject(request(have));
            boolean whole = false;
            try {
                long begin = begin(in.response(), have);
                version = in.response().eTag();
                out.truncate(begin).position(begin);
                copy(in, out, bytes - begin);
                whole = true;
            } finally {
                if (whole) {
                    in.close();
                } else {
                    // Closing would read what is left of the body.
                    in.abort();
                }
            }
        }
    }

    private GetObjectRequest request(long have) {
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(location.bucket()).key(location.key(file));
        if (have > 0) {
            request.range("bytes=" + have + "-").ifMatch(version);
        }
        return request.build();
    }

    /** Where the body begins in the object; not every store knows ranges. */
    private long begin(GetObjectResponse response, long have) {
        String range = response.contentRange();
        boolean isPart = have > 0 && range != null;
        long rest = response.contentLength();
        long size = isPart ? have + rest : rest;
        if (size != bytes || (isPart && !range.startsWith("bytes " + have + "-"))) {
            throw new IllegalArgumentException("%s/%s has %,d bytes, its manifest says %,d: push the directory again"
                    .formatted(location, file, size, bytes));
        }
        return isPart ? have : 0;
    }

    private void copy(InputStream in, FileChannel out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long silence = patience.silence().toNanos();
        long since = System.nanoTime();
        long atSince = 0;
        long done = 0;
        while (done < length) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("Interrupted while " + file + " was read");
            }
            int count = read(in, buffer, length - done);
            ByteBuffer rest = ByteBuffer.wrap(buffer, 0, count);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            done += count;
            if (System.nanoTime() - since > silence) {
                if (done - atSince < CRAWL_BYTES && done < length) {
                    throw new CutException(new SocketTimeoutException(
                            "less than %d bytes in %s".formatted(CRAWL_BYTES, patience.silence())));
                }
                since = System.nanoTime();
                atSince = done;
            }
        }
    }

    private static int read(InputStream in, byte[] buffer, long atMost) throws CutException {
        try {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, atMost));
            if (count < 0) {
                throw new EOFException("the body ended early");
            }
            return count;
        } catch (IOException e) {
            throw new CutException(e);
        }
    }
}

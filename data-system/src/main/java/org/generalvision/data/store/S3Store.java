package org.generalvision.data.store;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * A folder in a bucket, read and written file by file. Requests that fail in a way that may pass are repeated with growing
 * pauses; what fails for good is an error that names object, cause and remedy. Safe for several threads.
 */
public final class S3Store implements AutoCloseable {
    /** User metadata of what is written here: the checksum of the whole object, which a store itself has of small ones only. */
    static final String CHECKSUM = "sha256";

    /** Larger files are written in parts of this size. */
    private static final long PART_BYTES = 64L << 20;

    private final S3Location location;
    private final S3Client client;
    private final Patience patience;
    private final long partBytes;

    private S3Store(S3Location location, S3Client client, Patience patience, long partBytes) {
        this.location = location;
        this.client = client;
        this.patience = patience;
        this.partBytes = partBytes;
    }

    /** Opens a folder; nothing is asked of the network yet. */
    public static S3Store open(S3Location location) {
        return open(location, Patience.DEFAULT, PART_BYTES);
    }

    static S3Store open(S3Location location, Patience patience, long partBytes) {
        return new S3Store(location, S3Clients.open(location, patience), patience, partBytes);
    }

    public S3Location location() {
        return location;
    }

    /**
     * A file in the folder.
     *
     * @param file its name, behind that of the folder
     */
    public record Listed(String file, long bytes) {}

    /** The files whose names begin with a text, in the order of their names. */
    public List<Listed> list(String begin) {
        String prefix = location.key(begin);
        int cut = prefix.length() - begin.length();
        return asked(
                "list",
                begin,
                () ->
                        client
                                .listObjectsV2Paginator(request ->
                                        request.bucket(location.bucket()).prefix(prefix))
                                .contents()
                                .stream()
                                .map(object -> new Listed(object.key().substring(cut), object.size()))
                                .toList());
    }

    /**
     * A small file's bytes.
     *
     * @param limit bytes that it may have at most
     * @throws IllegalArgumentException if there is no such file, it is larger, or it is not what was written
     */
    public byte[] read(String file, long limit) {
        return find(file, limit)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no %s in %s: check bucket and folder".formatted(file, location)));
    }

    /** A small file's bytes, or nothing if there is none. */
    public Optional<byte[]> find(String file, long limit) {
        try {
            return Optional.of(readOnce(file, limit));
        } catch (S3Exception e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw S3Fault.of("read", named(file), e, patience);
        } catch (SdkException e) {
            throw S3Fault.of("read", named(file), e, patience);
        } catch (IOException e) {
            String message =
                    "Cannot read %s (%s): check the network, and start again".formatted(named(file), e.getMessage());
            throw new UncheckedIOException(message, new IOException(message, e));
        }
    }

    private byte[] readOnce(String file, long limit) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (ResponseInputStream<GetObjectResponse> in = client.getObject(
                    request -> request.bucket(location.bucket()).key(location.key(file)))) {
                long size = in.response().contentLength();
                if (size > limit) {
                    in.abort();
                    throw new IllegalArgumentException(
                            "%s has %,d bytes, at most %,d are expected".formatted(named(file), size, limit));
                }
                byte[] bytes = in.readNBytes((int) Math.min(size, limit));
                requireWhole(bytes, in.response());
                return bytes;
            } catch (IOException e) {
                if (attempt >= patience.attempts()) {
                    throw e;
                }
            }
        }
    }

    private static void requireWhole(byte[] bytes, GetObjectResponse response) throws IOException {
        if (bytes.length != response.contentLength()) {
            throw new IOException("%d of %d bytes arrived".formatted(bytes.length, response.contentLength()));
        }
        String expected = response.metadata().get(CHECKSUM);
        String found = Hashing.sha256().hashBytes(bytes).toString();
        if (expected != null && !expected.equals(found)) {
            throw new IOException("it has SHA-256 %s, written was %s".formatted(found, expected));
        }
    }

    /**
     * Copies a file, or what is missing of it, to the local disk; a body that is cut goes on where it ended. Whether it is the
     * right file is for the caller to check.
     *
     * @param bytes that it must have
     * @param to exists
     * @throws IllegalArgumentException if there is no such file or it has another size
     */
    public void download(String file, long bytes, Path to) throws IOException {
        try {
            new S3Download(client, location, file, bytes, patience).into(to);
        } catch (SdkException e) {
            throw S3Fault.of("read", named(file), e, patience);
        }
    }

    /** Whether a file is there that was written here with this size and checksum. */
    public boolean has(String file, long bytes, String sha256) {
        try {
            HeadObjectResponse head = client.headObject(
                    request -> request.bucket(location.bucket()).key(location.key(file)));
            return head.contentLength() == bytes
                    && sha256.equals(head.metadata().get(CHECKSUM));
        } catch (S3Exception e) {
            if (isMissing(e)) {
                return false;
            }
            throw S3Fault.of("look at", named(file), e, patience);
        } catch (SdkException e) {
            throw S3Fault.of("look at", named(file), e, patience);
        }
    }

    /**
     * Writes a file, whole or not at all, in parts if it is large. The store compares what arrives with a checksum.
     *
     * @param sha256 of the file, kept beside it
     * @param sent is told of bytes that have arrived
     */
    public void upload(Path from, String file, String sha256, LongConsumer sent) throws IOException {
        try {
            new S3Upload(client, location, file, sha256, partBytes).from(from, sent);
        } catch (SdkException e) {
            throw S3Fault.of("write", named(file), e, patience);
        }
    }

    /** Writes a small file, whole or not at all. */
    public void write(String file, byte[] bytes) {
        asked(
                "write",
                file,
                () -> client.putObject(
                        request -> request.bucket(location.bucket())
                                .key(location.key(file))
                                .contentMD5(S3Upload.md5(bytes))
                                .metadata(Map.of(
                                        CHECKSUM,
                                        Hashing.sha256().hashBytes(bytes).toString())),
                        RequestBody.fromBytes(bytes)));
    }

    /** Removes a file; it may be missing. */
    public void delete(String file) {
        asked(
                "remove",
                file,
                () -> client.deleteObject(
                        request -> request.bucket(location.bucket()).key(location.key(file))));
    }

    private <T> T asked(String verb, String file, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Fault.of(verb, named(file), e, patience);
        }
    }

    private static boolean isMissing(S3Exception e) {
        return e.statusCode() == S3Fault.NOT_FOUND && !(e instanceof NoSuchBucketException);
    }

    private String named(String file) {
        return location + "/" + file;
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return location.toString();
    }
}

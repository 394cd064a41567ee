package org.generalvision.data.store;

import com.google.common.io.ByteSource;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One file on its way into a bucket. A large one goes in parts, so that a fault repeats a part and not the file; the object
 * appears when all are there. MD5 is what every store compares on arrival.
 */
final class S3Upload {
    private static final String BINARY = "application/octet-stream";

    private final S3Client client;
    private final S3Location location;
    private final String key;
    private final long partBytes;
    private final Map<String, String> metadata;

    /**
     * An upload that has not begun.
     *
     * @param sha256 of the file
     * @param partBytes size of a part, above which there are several
     */
    S3Upload(S3Client client, S3Location location, String file, String sha256, long partBytes) {
        this.partBytes = partBytes;
        this.client = client;
        this.location = location;
        key = location.key(file);
        metadata = Map.of(S3Store.CHECKSUM, sha256);
    }

    void from(Path file, LongConsumer sent) throws IOException {
        long bytes = Files.size(file);
        if (bytes > partBytes) {
            inParts(file, bytes, sent);
            return;
        }
        String md5 = md5(MoreFiles.asByteSource(file));
        client.putObject(
                request -> request.bucket(location.bucket())
                        .key(key)
                        .metadata(metadata)
                        .contentMD5(md5),
                RequestBody.fromFile(file));
        sent.accept(bytes);
    }

    private void inParts(Path file, long bytes, LongConsumer sent) throws IOException {
        String upload = client.createMultipartUpload(
                        request -> request.bucket(location.bucket()).key(key).metadata(metadata))
                .uploadId();
        boolean whole = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (long begin = 0; begin < bytes; begin += partBytes) {
                long length = Math.min(partBytes, bytes - begin);
                ByteSource part = MoreFiles.asByteSource(file).slice(begin, length);
                parts.add(send(upload, parts.size() + 1, part, length));
                sent.accept(length);
            }
            client.completeMultipartUpload(request -> request.bucket(location.bucket())
                    .key(key)
                    .uploadId(upload)
                    .multipartUpload(completed -> completed.parts(parts)));
            whole = true;
        } finally {
            if (!whole) {
                abort(upload);
            }
        }
    }

    private CompletedPart send(String upload, int number, ByteSource part, long length) throws IOException {
        String md5 = md5(part);
        String tag = client.uploadPart(
                        request -> request.bucket(location.bucket())
                                .key(key)
                                .uploadId(upload)
                                .partNumber(number)
                                .contentMD5(md5),
                        RequestBody.fromContentProvider(() -> open(part), length, BINARY))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    /** Parts of an upload that did not end are stored, and paid for, until somebody takes them away. */
    private void abort(String upload) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(location.bucket()).key(key).uploadId(upload));
        } catch (SdkException alsoFailed) {
            // The error that ended the upload is on its way already.
        }
    }

    private static InputStream open(ByteSource part) {
        try {
            return part.openBufferedStream();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read a part of a file that is being uploaded", e);
        }
    }

    static String md5(byte[] bytes) {
        return Base64.getEncoder().encodeToString(digest().digest(bytes));
    }

    private static String md5(ByteSource source) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = source.openStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}

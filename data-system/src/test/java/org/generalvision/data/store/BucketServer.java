package org.generalvision.data.store;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;

/** S3's protocol on the loopback interface, with one bucket in memory. */
public final class BucketServer implements AutoCloseable {
    private static final String BUCKET = "shards";
    private static final String IDENTITY = "test-identity";
    private static final String SECRET = "test-secret";

    private final S3Proxy server;

    private BucketServer(S3Proxy server) {
        this.server = server;
    }

    /** A server that demands the credentials which the SDK finds in this process. */
    public static BucketServer start() throws Exception {
        System.setProperty("aws.accessKeyId", IDENTITY);
        System.setProperty("aws.secretAccessKey", SECRET);
        return start(AuthenticationType.AWS_V4);
    }

    /** A server that takes every signature, for a front that changes what is signed. */
    static BucketServer startOpen() throws Exception {
        return start(AuthenticationType.NONE);
    }

    private static BucketServer start(AuthenticationType type) throws Exception {
        S3Proxy.Builder builder = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .stopTimeout(0);
        if (type != AuthenticationType.NONE) {
            builder.awsAuthentication(type, IDENTITY, SECRET);
        }
        S3Proxy server = builder.build();
        server.start();
        BucketServer started = new BucketServer(server);
        try (S3Client client = S3Clients.open(S3Location.parse(started.location("")), Patience.DEFAULT)) {
            client.createBucket(request -> request.bucket(BUCKET));
        }
        return started;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** The text of a folder's location. */
    public String location(String folder) {
        return location(folder, endpoint());
    }

    static String location(String folder, URI endpoint) {
        return "s3://%s/%s?endpoint=%s".formatted(BUCKET, folder, endpoint);
    }

    /** Opens a folder. */
    public S3Store open(String folder) {
        return S3Store.open(S3Location.parse(location(folder)));
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The server does not stop", e);
        }
    }
}

package org.generalvision.data.store;

import com.google.common.base.Splitter;
import com.google.common.base.Utf8;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder in a bucket: {@code s3://bucket/prefix}. A query says where the bucket is, if it is neither at Amazon nor where the
 * AWS SDK's own settings (such as {@code AWS_ENDPOINT_URL_S3}, {@code AWS_REGION} and the profile) say:
 * {@code ?endpoint=https://store.example:9000&region=eu-1&pathStyle=true}. Credentials are never part of it; the SDK finds
 * them, and {@code anonymous=true} does without.
 *
 * @param bucket its name
 * @param prefix of the keys, without slash at its ends; may be empty
 * @param endpoint of a compatible store, or null
 * @param region of the bucket, or null for what the SDK finds
 * @param pathStyle whether requests name the bucket in the path; by default if there is an endpoint
 * @param anonymous whether requests are not signed
 */
public record S3Location(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        @Nullable String region,
        boolean pathStyle,
        boolean anonymous)
        implements Location {
    static final String SCHEME = "s3://";

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern FOREIGN = Pattern.compile("[\\p{Cntrl}?#\\\\]");
    private static final Set<String> SETTINGS = Set.of("endpoint", "region", "pathStyle", "anonymous");
    private static final String NO_CREDENTIALS =
            "must not hold credentials: the AWS SDK takes them from the environment, a profile or the machine's role";

    /** A key has at most 1024 bytes, and names of files are added. */
    private static final int MAX_PREFIX_BYTES = 700;

    public S3Location {
        require(
                BUCKET.matcher(bucket).matches(),
                "must name a bucket, of 3 to 63 lower-case letters, digits, dots and hyphens: " + bucket);
        require(
                prefix.isEmpty() || Splitter.on('/').splitToStream(prefix).allMatch(S3Location::isFolderName),
                "must have folders, of other characters than ? # \\ and controls, between single slashes: " + prefix);
        require(
                Utf8.encodedLength(prefix) <= MAX_PREFIX_BYTES,
                "must have a prefix of at most %d bytes".formatted(MAX_PREFIX_BYTES));
        require(region == null || REGION.matcher(region).matches(), "must name a region such as eu-west-1: " + region);
        if (endpoint != null) {
            requireEndpoint(endpoint);
        }
    }

    private static boolean isFolderName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && !FOREIGN.matcher(name).find();
    }

    private static void requireEndpoint(URI endpoint) {
        require(endpoint.getRawUserInfo() == null, NO_CREDENTIALS);
        require(
                endpoint.getHost() != null
                        && ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme())),
                "must have an endpoint such as https://store.example:9000, not " + endpoint);
    }

    /** The texts of locations may hold secrets that do not belong there, so that no message repeats all of one. */
    static S3Location parse(String text) {
        require(text.startsWith(SCHEME), "must begin with " + SCHEME + " to mean a bucket");
        int question = text.indexOf('?');
        String path = text.substring(SCHEME.length(), question < 0 ? text.length() : question);
        Map<String, String> settings = question < 0 ? Map.of() : settings(text.substring(question + 1));
        int slash = path.indexOf('/');
        String bucket = slash < 0 ? path : path.substring(0, slash);
        require(!bucket.contains("@"), NO_CREDENTIALS);
        String prefix = slash < 0 ? "" : path.substring(slash + 1);
        String endpoint = settings.get("endpoint");
        return new S3Location(
                bucket,
                prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix,
                endpoint == null ? null : uri(endpoint),
                settings.get("region"),
                flag(settings, "pathStyle", endpoint != null || endpointIsInEnvironment()),
                flag(settings, "anonymous", false));
    }

    private static Map<String, String> settings(String query) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String setting : Splitter.on('&').split(query)) {
            int equals = setting.indexOf('=');
            String name = equals < 0 ? setting : setting.substring(0, equals);
            boolean isNew =
                    equals > 0 && SETTINGS.contains(name) && settings.put(name, setting.substring(equals + 1)) == null;
            require(
                    isNew,
                    "must have settings such as region=eu-west-1, each once, of %s: %s"
                            .formatted(SETTINGS.stream().sorted().toList(), name));
        }
        return settings;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("must have an endpoint that is a URI: " + e.getReason(), e);
        }
    }

    private static boolean flag(Map<String, String> settings, String name, boolean otherwise) {
        String value = settings.getOrDefault(name, Boolean.toString(otherwise));
        require(value.equals("true") || value.equals("false"), "must say true or false for " + name + ": " + value);
        return Boolean.parseBoolean(value);
    }

    static boolean endpointIsInEnvironment() {
        return System.getenv("AWS_ENDPOINT_URL_S3") != null || System.getenv("AWS_ENDPOINT_URL") != null;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public Path requireLocal() {
        throw new IllegalArgumentException(
                "%s lies in a bucket, and is only read: get it with gv data pull, change it, and gv data push it again"
                        .formatted(this));
    }

    @Override
    public String name() {
        return prefix.isEmpty() ? bucket : prefix.substring(prefix.lastIndexOf('/') + 1);
    }

    /** The key of a file in this folder. */
    String key(String file) {
        return prefix.isEmpty() ? file : prefix + "/" + file;
    }

    /** Without settings. */
    @Override
    public String toString() {
        return SCHEME + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
}

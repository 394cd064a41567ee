package org.generalvision.data.store;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a directory lies: on this machine, or in a bucket. Everything that reads a directory of shards takes either. */
public sealed interface Location permits Location.Local, S3Location {
    /**
     * Reads a location: a path, a {@code file:} URI, or {@code s3://bucket/prefix} as {@link S3Location} says.
     *
     * @throws IllegalArgumentException if it is none; the message is what is to follow the name of the value
     */
    static Location parse(String text) {
        String scheme = scheme(text);
        return switch (scheme) {
            case "" -> local(text);
            case "file" -> local(URI.create(text).getPath());
            case "s3" -> S3Location.parse(text);
            default ->
                throw new IllegalArgumentException(
                        "must be a path or begin with %s, not with %s:".formatted(S3Location.SCHEME, scheme));
        };
    }

    /**
     * Refuses a text that is no location.
     *
     * @param key of a recipe behind which it stands
     */
    static void require(String key, String text) {
        try {
            parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " " + e.getMessage(), e);
        }
    }

    /** A slash may be lost or doubled in a location in S3, and nobody means a folder "s3:". */
    private static String scheme(String text) {
        Matcher matcher =
                Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://|([sS]3):").matcher(text);
        if (!matcher.lookingAt()) {
            return "";
        }
        String scheme = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return scheme.toLowerCase(Locale.ROOT);
    }

    private static Location local(String path) {
        try {
            return new Local(Path.of(path));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path: " + e.getReason(), e);
        }
    }

    /** A directory on this machine. */
    static Location of(Path path) {
        return new Local(path);
    }

    /**
     * The path of a directory that is to be changed.
     *
     * @throws IllegalArgumentException if it lies in a bucket
     */
    Path requireLocal();

    /** The name of the directory itself. */
    String name();

    /** A path on this machine. */
    record Local(Path path) implements Location {
        @Override
        public Path requireLocal() {
            return path;
        }

        @Override
        public String name() {
            return String.valueOf(path.toAbsolutePath().normalize().getFileName());
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }
}

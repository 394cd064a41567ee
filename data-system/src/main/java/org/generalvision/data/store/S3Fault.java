package org.generalvision.data.store;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Turns what a store answers into an error that names the object, the cause and the remedy. */
final class S3Fault {
    static final int NOT_FOUND = 404;
    private static final int MOVED = 301;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int CHANGED = 412;
    private static final int NO_SUCH_RANGE = 416;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private S3Fault() {}

    /**
     * The error.
     *
     * @param verb what could not be done, such as {@code read}
     * @param object on which
     * @return an {@link IllegalArgumentException} if what was asked for is not there or another, else an {@link
     *     UncheckedIOException}
     */
    static RuntimeException of(String verb, String object, SdkException e, Patience patience) {
        if (!(e instanceof S3Exception answer)) {
            return io(verb, object, cause(e), remedy(e), e);
        }
        return switch (answer.statusCode()) {
            case NOT_FOUND ->
                new IllegalArgumentException(
                        answer instanceof NoSuchBucketException
                                ? "There is no bucket for %s: check its name and the endpoint".formatted(object)
                                : "There is no %s: check bucket and folder".formatted(object),
                        e);
            case CHANGED, CONFLICT ->
                new IllegalArgumentException(
                        object + " was replaced while it was being %s: start again".formatted(verb), e);
            case NO_SUCH_RANGE ->
                new IllegalArgumentException(
                        object + " is shorter than its manifest says: push the directory again", e);
            default -> io(verb, object, cause(answer, patience), remedy(answer), e);
        };
    }

    private static UncheckedIOException io(String verb, String object, String cause, String remedy, SdkException e) {
        String message = "Cannot %s %s (%s): %s".formatted(verb, object, cause, remedy);
        return new UncheckedIOException(message, new IOException(message, e));
    }

    private static String cause(S3Exception answer, Patience patience) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        String text = "status " + answer.statusCode() + (code == null ? "" : " " + code);
        return isPassing(answer) ? text + " in each of %d attempts".formatted(patience.attempts()) : text;
    }

    private static boolean isPassing(S3Exception answer) {
        return answer.statusCode() >= SERVER || answer.statusCode() == TOO_MANY;
    }

    private static String remedy(S3Exception answer) {
        if (isPassing(answer)) {
            return "the store is overloaded or ill; start again later, or with fewer processes";
        }
        return switch (answer.statusCode()) {
            case UNAUTHORIZED, FORBIDDEN ->
                "check that the credentials that the AWS SDK finds (AWS_PROFILE, AWS_ACCESS_KEY_ID, role) may do that,"
                        + " also list the bucket; a public bucket needs ?anonymous=true";
            case MOVED -> "the bucket is elsewhere; name its region by ?region= or AWS_REGION";
            default -> "check endpoint, region and path style of the location";
        };
    }

    private static String cause(SdkException e) {
        Throwable root = Throwables.getRootCause(e);
        return isWithoutCredentials(e)
                ? "no credentials were found"
                : "%s: %s"
                        .formatted(
                                root.getClass().getSimpleName(),
                                Objects.requireNonNullElse(root.getMessage(), "no message"));
    }

    private static String remedy(SdkException e) {
        return isWithoutCredentials(e)
                ? "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add ?anonymous=true for a"
                        + " public bucket"
                : "check network and endpoint, and start again";
    }

    private static boolean isWithoutCredentials(SdkException e) {
        @Nullable String message = e.getMessage();
        return message != null && message.startsWith("Unable to load credentials");
    }
}

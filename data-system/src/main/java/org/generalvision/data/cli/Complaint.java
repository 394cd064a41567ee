package org.generalvision.data.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the user is told of an exception: 2 for bad input and places that are missing or cannot be used, else 1.
 *
 * @param status of the process
 * @param message one line, or null if only a stack trace helps, because the mistake is ours
 */
public record Complaint(int status, @Nullable String message) {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    /** What the operating system says of a place that can never be written, for which Java has no exception of its own. */
    private static final Set<String> WRONG_PLACES = Set.of(
            "Read-only file system",
            "Not a directory",
            "Is a directory",
            "File name too long",
            "Operation not permitted");

    /** What is to be said of an exception. */
    public static Complaint of(Throwable e) {
        Throwable cause = e instanceof UncheckedIOException && e.getCause() instanceof IOException io ? io : e;
        int status = cause instanceof IllegalArgumentException || isWrongPlace(cause) ? BAD_INPUT : FAILED;
        return new Complaint(status, message(e, cause));
    }

    /** Whether the user named a place that is missing or cannot be used, rather than that a disk filled up or broke. */
    private static boolean isWrongPlace(Throwable e) {
        return e instanceof NoSuchFileException
                || e instanceof FileNotFoundException
                || e instanceof AccessDeniedException
                || e instanceof NotDirectoryException
                || e instanceof FileAlreadyExistsException
                || (e instanceof FileSystemException file && WRONG_PLACES.contains(file.getReason()));
    }

    /** One line for the user, or null if only a stack trace helps. */
    private static @Nullable String message(Throwable e, Throwable cause) {
        if (e instanceof IllegalArgumentException) {
            return e.getMessage();
        }
        if (!(cause instanceof IOException)) {
            return null;
        }
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        // The messages of these exceptions are bare paths.
        if (cause instanceof NoSuchFileException) {
            return "no such file: " + what;
        }
        if (cause instanceof AccessDeniedException) {
            return "not allowed to read or write " + what;
        }
        if (cause instanceof NotDirectoryException) {
            return "not a directory: " + what;
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "there is already a file " + what;
        }
        String context = e == cause ? null : e.getMessage();
        if (context == null) {
            return what;
        }
        return context.contains(what) ? context : context + ": " + what;
    }
}

package org.generalvision.benchmark.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Set;
import org.generalvision.train.TrainingDiverged;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The one place where exceptions become exit statuses: 2 for bad usage, bad input and places that are missing or cannot be
 * used, in one line; 1 for what failed; and a stack trace only for a mistake of ours.
 */
final class Failure implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    /** What the operating system says of a place that can never be written, for which Java has no exception of its own. */
    private static final Set<String> WRONG_PLACES = Set.of(
            "Read-only file system",
            "Not a directory",
            "Is a directory",
            "File name too long",
            "Operation not permitted");

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("gv: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help.");
        return BAD_INPUT;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, @Nullable ParseResult result) {
        PrintWriter err = command.getErr();
        int status = status(e);
        String message = message(e);
        if (message != null) {
            err.println("gv: " + message);
            LoggerFactory.getLogger(Failure.class).debug("Where that was noticed", e);
        } else {
            err.println("gv: this is a mistake of gv, not of yours:");
            e.printStackTrace(err);
        }
        return status;
    }

    private static int status(Exception e) {
        Exception cause = unwrapped(e);
        return cause instanceof IllegalArgumentException || isWrongPlace(cause) ? BAD_INPUT : FAILED;
    }

    private static Exception unwrapped(Exception e) {
        return e instanceof UncheckedIOException && e.getCause() instanceof IOException io ? io : e;
    }

    /** Whether the user named a place that is missing or cannot be used, rather than that a disk filled up or broke. */
    private static boolean isWrongPlace(Exception e) {
        return e instanceof NoSuchFileException
                || e instanceof FileNotFoundException
                || e instanceof AccessDeniedException
                || e instanceof NotDirectoryException
                || e instanceof FileAlreadyExistsException
                || (e instanceof FileSystemException file && WRONG_PLACES.contains(file.getReason()));
    }

    /** One line for the user, or null if only a stack trace helps. */
    private static @Nullable String message(Exception e) {
        if (e instanceof IllegalArgumentException || e instanceof TrainingDiverged) {
            return e.getMessage();
        }
        Exception cause = unwrapped(e);
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

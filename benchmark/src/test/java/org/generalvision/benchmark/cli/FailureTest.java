package org.generalvision.benchmark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What becomes of an exception: who has to act, the user (2) or whoever looks after the machine (1). */
class FailureTest {
    @Command(name = "thrower")
    private record Thrower(RuntimeException failure) implements Runnable {
        @Override
        public void run() {
            throw failure;
        }
    }

    static Stream<IOException> wrongPlaces() {
        return Stream.of(
                new NoSuchFileException("place"),
                new FileNotFoundException("place (No such file or directory)"),
                new AccessDeniedException("place"),
                new NotDirectoryException("place"),
                new FileAlreadyExistsException("place"),
                new FileSystemException("place", null, "Not a directory"),
                new FileSystemException("place", null, "Read-only file system"));
    }

    @ParameterizedTest
    @MethodSource("wrongPlaces")
    void aPlaceThatCannotBeUsedIsTheUsersToChange(IOException cause) {
        assertThat(status(new UncheckedIOException(cause), "place")).isEqualTo(2);
        assertThat(status(new UncheckedIOException("Cannot write the report", cause), "place"))
                .isEqualTo(2);
    }

    static Stream<IOException> failures() {
        return Stream.of(
                new IOException("place: No space left on device"),
                new FileSystemException("place", null, "No space left on device"),
                new FileSystemException("place", null, "Input/output error"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aDiskThatFillsOrBreaksIsNoWrongInput(IOException cause) {
        assertThat(status(new UncheckedIOException(cause), "place")).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeOfOursShowsWhereItHappened(RuntimeException mistake) {
        assertThat(status(mistake, "this is a mistake of gv", "at org.generalvision"))
                .isEqualTo(1);
    }

    static Stream<RuntimeException> mistakes() {
        return Stream.of(new IllegalStateException("state"), new NullPointerException("null"));
    }

    private static int status(RuntimeException failure, String... said) {
        StringWriter err = new StringWriter();
        int status = new CommandLine(new Thrower(failure))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failure())
                .execute();
        assertThat(err.toString()).startsWith("gv: ").contains(said);
        return status;
    }
}

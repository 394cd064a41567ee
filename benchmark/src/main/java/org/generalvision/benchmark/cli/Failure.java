package org.generalvision.benchmark.cli;

import java.io.PrintWriter;
import org.generalvision.data.cli.Complaint;
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
    private static final int BAD_INPUT = 2;

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
        Complaint complaint = Complaint.of(e);
        String message = e instanceof TrainingDiverged ? e.getMessage() : complaint.message();
        if (message != null) {
            err.println("gv: " + message);
            LoggerFactory.getLogger(Failure.class).debug("Where that was noticed", e);
        } else {
            err.println("gv: this is a mistake of gv, not of yours:");
            e.printStackTrace(err);
        }
        return complaint.status();
    }
}

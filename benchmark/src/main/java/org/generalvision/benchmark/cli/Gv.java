package org.generalvision.benchmark.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.generalvision.benchmark.embed.CheckpointEmbedder;
import org.generalvision.data.cli.DataCommand;
import org.generalvision.metanet.cli.SearchCommand;
import org.generalvision.metanet.cli.ZooCommand;
import org.generalvision.upstream.cli.PretrainCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The main class: joins the commands of all modules and turns what they throw into an exit status. */
@Command(
        name = "gv",
        mixinStandardHelpOptions = true,
        versionProvider = Gv.Version.class,
        description = "General Vision: pretrain, adapt and benchmark image networks.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:done", "1:failed", "2:bad usage or bad input"},
        footer = {"", "Environment: GV_HEAP (Java heap, default 2g), GV_THREADS, GV_LOG (warn, info, debug)."})
public final class Gv implements Callable<Integer> {
    private static final List<Class<?>> COMMANDS = List.of(
            QuickstartCommand.class,
            DoctorCommand.class,
            DataCommand.class,
            ZooCommand.class,
            SearchCommand.class,
            PretrainCommand.class,
            BenchCommand.class,
            EvidenceCommand.class,
            ExportCommand.class,
            RecipeCommand.class,
            VerifyResumeCommand.class);

    @Spec
    private CommandSpec spec;

    private Gv() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] arguments) {
        int status;
        try {
            status = run(arguments);
        } catch (OutOfMemoryError e) {
            System.err.println(
                    "gv: Java has too little memory (" + e.getMessage() + "); set GV_HEAP, for example GV_HEAP=3g");
            status = 1;
        }
        System.exit(status);
    }

    /** Runs one command and returns its exit status. */
    static int run(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /**
     * The command line for these arguments, with the mapping of exceptions to exit statuses. Every command is listed, but only
     * the one that is called is read with its options and subcommands: reading all of them takes most of a short command's
     * time.
     */
    static CommandLine commandLine(String... arguments) {
        Wiring wiring = new Wiring();
        CommandLine commandLine = new CommandLine(new Gv(), wiring);
        for (Class<?> type : COMMANDS) {
            Command command = type.getAnnotation(Command.class);
            boolean called = arguments.length > 0 && arguments[0].equals(command.name());
            commandLine.addSubcommand(command.name(), called ? new CommandLine(type, wiring) : listed(command));
        }
        commandLine.setExecutionExceptionHandler(new Failure());
        commandLine.setParameterExceptionHandler(new Failure());
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        return commandLine;
    }

    private static CommandSpec listed(Command command) {
        CommandSpec spec = CommandSpec.create().name(command.name());
        spec.usageMessage().description(command.description());
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Gives the data commands, which know no model, those that are made of checkpoints, and the search its main class. */
    private static final class Wiring implements CommandLine.IFactory {
        private final CommandLine.IFactory plain = CommandLine.defaultFactory();

        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == DataCommand.class) {
                return type.cast(new DataCommand(CheckpointEmbedder::open));
            }
            return type == SearchCommand.class ? type.cast(new SearchCommand(Gv.class.getName())) : plain.create(type);
        }
    }

    /** The version that Maven wrote into the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Gv.class.getPackage().getImplementationVersion();
            return new String[] {"gv " + (version == null ? "(not packaged)" : version)};
        }
    }
}

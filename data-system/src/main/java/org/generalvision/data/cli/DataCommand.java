package org.generalvision.data.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.generalvision.data.curate.CurationEngine;
import org.generalvision.data.example.Embedder;
import org.generalvision.data.source.BuildEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gv data}: makes, shows, checks and curates directories of shards. */
@Command(
        name = "data",
        description = "Make shards from a source, look into them, validate and curate them; work with labels.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BuildCommand.class,
            InspectCommand.class,
            CheckCommand.class,
            DedupeCommand.class,
            HashesCommand.class,
            GateCommand.class,
            CaptionsCommand.class,
            ConsistencyCommand.class,
            ScoreCommand.class,
            RectifyCommand.class,
            SelectCommand.class,
            VotesCommand.class,
            StepsCommand.class,
            UndoCommand.class,
            CompactCommand.class,
            LabelsCommand.class,
            SheetCommand.class,
            MixCommand.class,
            PlanCommand.class,
            PushCommand.class,
            PullCommand.class
        })
public final class DataCommand implements Callable<Integer> {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything.
    private CommandSpec spec;

    private final EmbedderSource embedders;

    /** Null in a process that has to start another one for work of several processes; so is the next. */
    private final @Nullable BuildEngine builder;

    private final @Nullable CurationEngine curation;

    /** The commands without those that need a model. */
    public DataCommand() {
        this(DataCommand::noModels, null, null);
    }

    /**
     * The commands without those that need a model.
     *
     * @param builder builds with several processes
     * @param curation curates with several processes
     */
    public DataCommand(BuildEngine builder, CurationEngine curation) {
        this(DataCommand::noModels, builder, curation);
    }

    /**
     * All commands.
     *
     * @param embedders opens the checkpoints that some commands take
     */
    public DataCommand(EmbedderSource embedders) {
        this(embedders, null, null);
    }

    private DataCommand(EmbedderSource embedders, @Nullable BuildEngine builder, @Nullable CurationEngine curation) {
        this.embedders = embedders;
        this.builder = builder;
        this.curation = curation;
    }

    private static Embedder noModels(Path checkpoint) {
        throw new IllegalStateException("No module that knows models was joined, so " + checkpoint + " stays closed");
    }

    @Nullable
    BuildEngine builder() {
        return builder;
    }

    @Nullable
    CurationEngine curation() {
        return curation;
    }

    Embedder embedder(Path checkpoint) {
        return embedders.open(checkpoint);
    }

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(),
                "Name a subcommand: " + String.join(", ", spec.subcommands().keySet()));
    }

    /** Writes a JSON document, alone, to the command's standard output. */
    static void printJson(CommandSpec spec, Object document) {
        try {
            spec.commandLine().getOut().println(JSON.writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "Cannot write " + document.getClass().getSimpleName() + " as JSON", e);
        }
    }
}

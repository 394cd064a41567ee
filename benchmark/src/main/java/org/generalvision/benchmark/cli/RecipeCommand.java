package org.generalvision.benchmark.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.generalvision.recipe.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv recipe}: the recipes that come with the project. */
@Command(
        name = "recipe",
        mixinStandardHelpOptions = true,
        description = "List the shipped recipes, or print one with overrides applied.",
        synopsisSubcommandLabel = "COMMAND")
final class RecipeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a subcommand: list or print");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Print the names of the shipped recipes.")
    int list(@Option(names = "--json", description = "Print a JSON array.") boolean json) {
        List<String> names = Recipe.names();
        if (json) {
            Json.print(spec, names);
        } else {
            names.forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }

    @Command(
            name = "print",
            mixinStandardHelpOptions = true,
            description = "Print a recipe as a run would use it.",
            footer = {"", "Example: gv recipe print amateur-desk train.steps=200"})
    int print(
            @Parameters(index = "0", paramLabel = "RECIPE", description = "Name of a shipped recipe, or a file.")
                    String recipe,
            @Parameters(
                            index = "1..*",
                            arity = "0..*",
                            paramLabel = "KEY=VALUE",
                            description = "Other values for keys.")
                    List<String> overrides,
            @Option(names = "--json", description = "Print a JSON object with name and text.") boolean json) {
        Recipe resolved = Recipe.load(recipe).with(overrides == null ? List.of() : overrides);
        if (json) {
            Json.print(spec, Map.of("name", resolved.name(), "text", resolved.text()));
        } else {
            spec.commandLine().getOut().print(resolved.text());
            spec.commandLine().getOut().flush();
        }
        return 0;
    }
}

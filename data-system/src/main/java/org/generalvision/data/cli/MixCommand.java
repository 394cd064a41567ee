package org.generalvision.data.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.generalvision.data.load.Apportionment;
import org.generalvision.data.load.MixedSource.Mixture;
import org.generalvision.data.load.MixtureOrder;
import org.generalvision.data.source.ExampleData;
import org.generalvision.data.view.MixedExamples;
import org.generalvision.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gv data mix}: what a mixture's members hold, how often each is drawn, and what comes first. */
@Command(
        name = "mix",
        description = "Describe a mixture: examples, share and passes in an epoch of each member, and the first draws.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before it calls.
final class MixCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RECIPE", description = "Recipe of kind mixture: a file, or a shipped one.")
    private String recipe;

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Other values for keys of the recipe.")
    private List<String> overrides = List.of();

    @Option(names = "--draws", description = "First draws to print (default ${DEFAULT-VALUE}).", defaultValue = "12")
    private int draws;

    @Option(names = "--seed", description = "Seed of the order (default ${DEFAULT-VALUE}).", defaultValue = "1")
    private long seed;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Folder for the starter corpus and the results of conditions. Default: one that is removed.")
    private @Nullable Path cache;

    @Option(names = "--json", description = "Print as JSON.")
    private boolean json;

    /** The document of {@code --json}. */
    record Description(String hash, long examples, long draws, List<MemberReport> members, List<DrawReport> first) {}

    /**
     * One member.
     *
     * @param share of all draws, in (0, 1]
     * @param drawsPerEpoch in the first epoch
     * @param passesPerEpoch how often each of its examples comes in an epoch
     */
    record MemberReport(
            String name, long examples, long weight, double share, long drawsPerEpoch, double passesPerEpoch) {}

    /** One draw: whose turn it is, in which pass over that member, and the example. */
    record DrawReport(long draw, String member, long pass, String id) {}

    @Override
    public Integer call() {
        if (draws < 0) {
            throw new IllegalArgumentException("--draws must not be negative: " + draws);
        }
        ExampleData data = Recipe.load(recipe).with(overrides).as(ExampleData.class);
        if (!(data instanceof ExampleData.Mixture mixture)) {
            throw new IllegalArgumentException(recipe + " is no mixture: its kind must be mixture");
        }
        if (cache != null) {
            describe(mixture, cache);
        } else {
            try (TemporaryFolder folder = TemporaryFolder.create("mix")) {
                describe(mixture, folder.path());
            }
        }
        return 0;
    }

    private void describe(ExampleData.Mixture mixture, Path folder) {
        try (MixedExamples examples = mixture.open(folder)) {
            Description description = new Description(
                    examples.hash(), examples.size(), mixture.draws(), members(examples), first(examples));
            if (json) {
                DataCommand.printJson(spec, description);
            } else {
                print(description, spec.commandLine().getOut());
            }
        }
    }

    private static List<MemberReport> members(MixedExamples examples) {
        Mixture mixture = examples.mixture();
        Apportionment apportionment = new Apportionment(
                mixture.members().stream().map(member -> member.weight()).toList());
        List<MemberReport> reports = new ArrayList<>();
        for (int i = 0; i < mixture.members().size(); i++) {
            long size = mixture.members().get(i).size();
            long own = apportionment.count(i, mixture.draws());
            reports.add(new MemberReport(
                    examples.names().get(i),
                    size,
                    mixture.members().get(i).weight(),
                    apportionment.share(i),
                    own,
                    (double) own / size));
        }
        return reports;
    }

    private List<DrawReport> first(MixedExamples examples) {
        MixtureOrder order = new MixtureOrder(examples.mixture(), 1, seed);
        return LongStream.range(0, draws)
                .mapToObj(number -> {
                    MixtureOrder.Draw draw = order.draw(number);
                    String id = examples.get(draw.sample()).id();
                    return new DrawReport(number, examples.names().get(draw.member()), draw.pass(), id);
                })
                .toList();
    }

    private static void print(Description description, PrintWriter output) {
        output.printf(
                "%d examples, %d draws in an epoch, hash %s%n",
                description.examples(), description.draws(), description.hash());
        output.printf("%-20s %12s %8s %8s %12s %8s%n", "member", "examples", "weight", "share", "draws", "passes");
        for (MemberReport member : description.members()) {
            output.printf(
                    "%-20s %12d %8d %7.2f%% %12d %8.2f%n",
                    member.name(),
                    member.examples(),
                    member.weight(),
                    100 * member.share(),
                    member.drawsPerEpoch(),
                    member.passesPerEpoch());
        }
        for (DrawReport draw : description.first()) {
            output.printf("%8d  %-20s pass %d  %s%n", draw.draw(), draw.member(), draw.pass(), draw.id());
        }
    }
}

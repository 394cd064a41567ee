package org.generalvision.upstream.generalist;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Batch;
import org.generalvision.data.load.Loader;
import org.generalvision.data.load.Quarantine;
import org.generalvision.data.load.TakingTurns;
import org.generalvision.nn.Layer;
import org.generalvision.nn.Pass;
import org.generalvision.recipe.Recipe;
import org.generalvision.train.StepUnderTest;
import org.generalvision.upstream.UpstreamRecipe;
import org.generalvision.upstream.expert.ExpertDataSet;
import org.generalvision.upstream.expert.ExpertModel;
import org.generalvision.upstream.expert.ExpertObjective;

/**
 * What a step of a generalist costs beside the steps that experts make on the same batches: one of hard sharing against the sum of the
 * experts' steps, one of soft sharing against that sum and the forward passes of the sources. The two desk recipes say which networks
 * and data; the data must have been built as their headers say. All take turns within a round; the figure is the median over rounds
 * of the ratio within a round, with the second smallest and second largest as interval.
 *
 * <p>Usage: [rounds] [steps a round]
 */
public final class GeneralistSteps {
    private static final String EXPERTS = "experts";
    private static final String SOURCES = "sources";
    private static final String HARD = "hard";
    private static final String SOFT = "soft";
    private static final String SOFT_PLAIN = "soft without transfer";

    private final NDManager manager = NDManager.newBaseManager();
    private final Map<String, Runnable> sides = new LinkedHashMap<>();
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private final Map<String, List<Double>> processor = new LinkedHashMap<>();

    private GeneralistSteps(Path scratch) {
        UpstreamRecipe.GeneralistSoft soft =
                (UpstreamRecipe.GeneralistSoft) Recipe.load("generalist-soft-desk").as(UpstreamRecipe.class);
        UpstreamRecipe.GeneralistHard hard =
                (UpstreamRecipe.GeneralistHard) Recipe.load("generalist-hard-desk").as(UpstreamRecipe.class);
        Map<String, Batch> batches = new LinkedHashMap<>();
        soft.dataSets().forEach(set -> batches.put(set.name(), batch(set, soft, scratch)));
        List<Batch> all = List.copyOf(batches.values());

        List<StepUnderTest> experts = new ArrayList<>();
        for (ExpertDataSet set : soft.dataSets()) {
            ExpertModel expert = new ExpertModel(soft.model(), List.of(set), 1);
            experts.add(new StepUnderTest(
                    new ExpertObjective(initialized(expert)), List.of(of(batches, set.name())), manager));
        }
        sides.put(EXPERTS, () -> experts.forEach(StepUnderTest::run));

        SoftGeneralist branches = initialized(new SoftGeneralist(soft.network(), soft.dataSets(), 1));
        sides.put(SOURCES, () -> soft.branches().forEach(target -> target.dataSets()
                .forEach(set -> walkOthers(branches, target.name(), of(batches, set).get(set + "/image")))));
        sides.put(HARD, step(hard.training().network(hard.model()), all));
        sides.put(SOFT, step(soft.training().network(soft.network()), all));
        SoftGeneralist.Config apart = new SoftGeneralist.Config(soft.model(), soft.branches(), null);
        sides.put(SOFT_PLAIN, step(soft.training().network(apart), all));
    }

    private <L extends Layer> L initialized(L network) {
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }

    private Runnable step(Generalist network, List<Batch> batches) {
        return new StepUnderTest(initialized(network).objective(), batches, manager)::run;
    }

    private static Batch of(Map<String, Batch> batches, String name) {
        Batch batch = batches.get(name);
        if (batch == null) {
            throw new IllegalStateException("No batch of " + name);
        }
        return batch;
    }

    /** One batch of a data set, as the loop gets it. */
    private Batch batch(ExpertDataSet set, UpstreamRecipe.GeneralistSoft recipe, Path scratch) {
        try (ExampleSource source = set.train().open(scratch);
                TakingTurns turns = new TakingTurns(List.of(new TakingTurns.Member(
                        set.name(),
                        1,
                        new Loader(
                                source,
                                set.task().format(set.view()),
                                recipe.loader(),
                                new Quarantine(scratch.resolve(set.name()), source.size(), 0.1)))))) {
            return turns.next(manager);
        }
    }

    private static void walkOthers(SoftGeneralist branches, String target, NDArray images) {
        branches.branches().forEach((name, branch) -> {
            if (!name.equals(target)) {
                try (NDManager scratch = images.getManager().newSubManager()) {
                    NDArray lent = images.stopGradient();
                    lent.attach(scratch);
                    branch.image().features(lent, Pass.evaluation());
                }
            }
        });
    }

    private void round(int steps, int rotation) {
        List<String> order = new ArrayList<>(sides.keySet());
        Collections.rotate(order, rotation);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        for (String side : order) {
            Runnable step = sides.getOrDefault(side, () -> {});
            long begin = System.nanoTime();
            long used = system.getProcessCpuTime();
            for (int i = 0; i < steps; i++) {
                step.run();
            }
            processor.computeIfAbsent(side, s -> new ArrayList<>()).add((system.getProcessCpuTime() - used) / 1e9);
            seconds.computeIfAbsent(side, s -> new ArrayList<>()).add((System.nanoTime() - begin) / 1e9);
        }
    }

    private static double[] of(Map<String, List<Double>> times, String... names) {
        return IntStream.range(0, times.getOrDefault(EXPERTS, List.of()).size())
                .mapToDouble(i -> Arrays.stream(names)
                        .mapToDouble(name -> times.getOrDefault(name, List.of()).get(i))
                        .sum())
                .toArray();
    }

    private static String ratio(double[] these, double[] those) {
        double[] ratios = IntStream.range(0, these.length)
                .mapToDouble(i -> these[i] / those[i])
                .sorted()
                .toArray();
        return "%.3f [%.3f, %.3f]"
                .formatted(ratios[ratios.length / 2], ratios[Math.min(1, ratios.length - 1)], ratios[Math.max(0, ratios.length - 2)]);
    }

    private void report(String name, String... against) {
        System.out.printf(
                "%-22s / (%s): time %s, processor time %s%n",
                name,
                String.join(" + ", against),
                ratio(of(seconds, name), of(seconds, against)),
                ratio(of(processor, name), of(processor, against)));
    }

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        int steps = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        Engine.getEngine("PyTorch").setRandomSeed(0);
        JniUtils.setGradMode(false);
        GeneralistSteps comparison = new GeneralistSteps(Files.createTempDirectory("generalist-steps"));
        comparison.round(2, 0); // to warm up
        comparison.seconds.clear();
        comparison.processor.clear();
        for (int i = 0; i < rounds; i++) {
            comparison.round(steps, i);
        }
        System.out.printf("%d rounds of %d steps, %d threads%n", rounds, steps, JniUtils.getNumThreads());
        comparison.seconds.forEach((name, times) -> System.out.printf(
                "%-22s %.0f ms%n",
                name, times.stream().mapToDouble(t -> t).sorted().toArray()[times.size() / 2] / steps * 1e3));
        comparison.report(HARD, EXPERTS);
        comparison.report(SOFT, EXPERTS, SOURCES);
        comparison.report(SOFT_PLAIN, EXPERTS);
    }
}

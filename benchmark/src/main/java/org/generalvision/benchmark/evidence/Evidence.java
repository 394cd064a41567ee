package org.generalvision.benchmark.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.generalvision.benchmark.stage.SceneShards;
import org.generalvision.benchmark.stage.TrainingProcesses;
import org.generalvision.benchmark.stage.Trainings;
import org.generalvision.report.Page;
import org.generalvision.report.Table;
import org.generalvision.train.Progress;
import org.generalvision.train.StopRequest;
import org.generalvision.weights.DurableFile;

/**
 * All that is measured of the stages. Trainings that are complete are not done again, so it can be interrupted at any time and continued
 * with the same directory; a table is written as soon as its trainings are there.
 */
public final class Evidence {
    /** Tables as HTML, and as Markdown for a document. */
    public static final String PAGE = "evidence.html";

    static final String TEXT = "evidence.md";

    /** Composed scenes to train on and to measure on. */
    private static final long SCENES = 4000;

    private static final long HELD_OUT = 400;

    private final Path out;
    private final List<Study> studies;
    private final List<Long> seeds;
    private final Trainings trainings;
    private final TrainingProcesses processes;
    private final Consumer<String> say;

    /** The names of all studies. */
    public static List<String> studies() {
        return Studies.all().stream().map(Study::name).toList();
    }

    private Evidence(
            Path out, List<Study> studies, List<Long> seeds, TrainingProcesses processes, Consumer<String> say) {
        this.out = out;
        this.studies = studies;
        this.seeds = List.copyOf(seeds);
        this.trainings = processes.trainings();
        this.processes = processes;
        this.say = say;
    }

    /**
     * What is to be measured.
     *
     * @param names of studies; none for all
     * @param seeds of every training
     * @param overrides of every recipe, for shorter trainings
     * @param jobs how many trainings at a time
     * @param say is told what is done, and the tables
     * @throws IllegalArgumentException if there is no study of a name
     */
    public static Evidence of(
            Path out,
            List<String> names,
            List<Long> seeds,
            List<String> overrides,
            int jobs,
            Consumer<String> say,
            StopRequest stop) {
        if (seeds.isEmpty() || seeds.stream().distinct().count() != seeds.size()) {
            throw new IllegalArgumentException("Seeds must be at least one, each once: " + seeds);
        }
        List<Study> all = Studies.all();
        for (String name : names) {
            if (all.stream().noneMatch(study -> study.name().equals(name))) {
                throw new IllegalArgumentException("There is no study %s, only %s".formatted(name, studies()));
            }
        }
        List<Study> chosen = all.stream()
                .filter(study -> names.isEmpty() || names.contains(study.name()))
                .toList();
        Trainings trainings = new Trainings(out, overrides, name -> Progress.none(), stop);
        return new Evidence(out, chosen, seeds, new TrainingProcesses(trainings, jobs, say, stop), say);
    }

    /** A line for each training that the chosen studies ask for: its name. */
    public List<String> plan() {
        List<String> lines = new ArrayList<>();
        for (long seed : seeds) {
            studies.forEach(study -> study.trainings(seed).forEach(training -> lines.add(training.name())));
        }
        return lines.stream().distinct().toList();
    }

    /**
     * Measures what is not measured yet; seed by seed, so that an interrupted run has whole tables of fewer seeds.
     *
     * @return whether it came to its end
     */
    public boolean run() {
        try {
            SceneShards scenes = trainings.scenes();
            scenes.build("train", SCENES);
            scenes.build("validation", HELD_OUT);
            for (int done = 0; done < seeds.size(); done++) {
                long seed = seeds.get(done);
                processes.run(studies.stream()
                        .flatMap(study -> study.trainings(seed).stream())
                        .toList());
                write(seeds.subList(0, done + 1));
            }
            return true;
        } catch (CancellationException e) {
            say.accept(e.getMessage());
            return false;
        }
    }

    private void write(List<Long> measured) {
        Page page = new Page(
                "Evidence",
                "Mean and 95 %% interval (Student's t) over the seeds %s, which draw weights, order and augmentations anew."
                        .formatted(measured));
        StringBuilder text = new StringBuilder();
        for (Study study : studies) {
            Table table = study.table(measured, trainings);
            page.section(study.name(), study.question(), table);
            text.append(markdown(study, table));
        }
        page.write(out.resolve(PAGE));
        DurableFile.write(out.resolve(TEXT), text.toString());
        say.accept(text.toString());
    }

    private static String markdown(Study study, Table table) {
        StringBuilder text = new StringBuilder("\n%s (`%s`)\n\n".formatted(study.question(), study.name()));
        text.append(line(table.header()));
        text.append("|---".repeat(table.header().size())).append("|\n");
        table.rows().forEach(row -> text.append(line(row)));
        return text.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}

package org.generalvision.benchmark.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.generalvision.train.Progress;
import org.generalvision.train.StopRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingProcessesIT {
    @TempDir
    Path out = Path.of("");

    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    private Trainings trainings(StopRequest stop, String... more) {
        List<String> overrides = new ArrayList<>(SmallPretraining.OVERRIDES);
        overrides.addAll(List.of(more));
        return new Trainings(out, overrides, name -> Progress.none(), stop);
    }

    private TrainingProcesses processes(Trainings trainings, StopRequest stop) {
        return new TrainingProcesses(trainings, 2, said::add, stop);
    }

    @Test
    void eachIsDoneOnceAndAfterWhatItBeginsWith() {
        StopRequest stop = new StopRequest();
        Trainings trainings = trainings(stop, "train.steps=1");
        Training first = Training.of("first", "clip-desk");
        Training second = Training.of("of-first/second", "clip-desk").from(first);
        Training beside = Training.of("beside", "clip-desk", "train.seed=2");
        processes(trainings, stop).run(List.of(second, beside));
        assertThat(said).hasSize(3);
        assertThat(String.join("\n", said)).containsSubsequence("first in ", "of-first/second in ");
        for (Training training : List.of(first, second, beside)) {
            assertThat(trainings.done(training).checkpoint().step())
                    .as(training.name())
                    .isEqualTo(1);
        }
        assertThat(out.resolve("of-first/second.log")).exists();

        said.clear();
        processes(trainings(stop, "train.steps=1"), stop).run(List.of(second, beside));
        assertThat(said).isEmpty();

        Trainings longer = trainings(stop, "train.steps=1", "train.clipNorm=2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> processes(longer, stop).run(List.of(beside)))
                .withMessageContaining("other settings")
                .withMessageContaining("beside");
    }

    @Test
    void aStopSavesWhatRunsAndTheNextCallGoesOn() throws Exception {
        StopRequest stop = new StopRequest();
        Trainings trainings = trainings(stop, "train.steps=100000", "train.saveEvery=100000");
        Training training = Training.of("long", "clip-desk");
        Path metrics = trainings.directory(training).resolve("metrics.jsonl");
        AtomicBoolean heard = new AtomicBoolean();
        Thread request = new Thread(() -> {
            while (!Files.exists(metrics)) {
                LockSupport.parkNanos(5_000_000);
            }
            heard.set(stop.request());
        });
        request.start();
        assertThatThrownBy(() -> processes(trainings, stop).run(List.of(training)))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("1 of 1 trainings are missing");
        request.join();
        assertThat(heard).isTrue();
        assertThat(trainings.complete(training)).isEmpty();
        assertThat(Files.readString(out.resolve("long.log"))).contains("saving a checkpoint");

        StopRequest none = new StopRequest();
        Trainings rest =
                trainings(none, "train.steps=" + (Files.readAllLines(metrics).size() + 1));
        processes(rest, none).run(List.of(training));
        assertThat(rest.complete(training)).isPresent();
    }

    @Test
    void whatAChildSaysBeforeItFailsIsSaid() {
        StopRequest stop = new StopRequest();
        Trainings trainings = trainings(stop, "train.steps=1");
        Training wrong =
                Training.of("wrong", "clip-desk", "data.train={kind: shards, directory: %s/none}".formatted(out));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> processes(trainings, stop).run(List.of(wrong)))
                .withMessageContaining("gv pretrain refused its input")
                .withMessageContaining("none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingProcesses(trainings, 0, said::add, stop))
                .withMessageContaining("at least 1");
    }
}

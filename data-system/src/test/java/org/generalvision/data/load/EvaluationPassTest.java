package org.generalvision.data.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.generalvision.data.augment.Background;
import org.generalvision.data.augment.CenterCrop;
import org.generalvision.data.augment.ImageView;
import org.generalvision.data.augment.Pictures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationPassTest {
    private static final int SIZE = 10;
    private static final LabelledImages FORMAT = new LabelledImages(
            new ImageView(new CenterCrop(32, 28), List.of(), Pictures.identity(), Background.WHITE),
            List.of("class2", "class0", "class1"));
    private static final LoaderConfig CONFIG = new LoaderConfig(0, 4, 2, 2, 1);

    @TempDir
    private Path folder;

    private final MemorySource source = MemorySource.ofPictures(SIZE);
    private Quarantine quarantine = new Quarantine(Path.of("replaced"), SIZE, 1);

    @BeforeEach
    void open() {
        quarantine = new Quarantine(folder.resolve("quarantine.jsonl"), SIZE, 1);
    }

    private static List<Long> ids(EvaluationPass pass, List<Long> labels) {
        List<Long> ids = new ArrayList<>();
        while (pass.hasNext()) {
            try (NDManager manager = NDManager.newBaseManager()) {
                Batch batch = pass.next(manager);
                ids.addAll(batch.ids());
                for (long label : batch.get("label").toLongArray()) {
                    labels.add(label);
                }
            }
        }
        return ids;
    }

    @Test
    void visitsTheWholeSourceInOrderWithASmallerLastBatch() {
        List<Long> labels = new ArrayList<>();
        try (EvaluationPass pass = EvaluationPass.over(source, FORMAT, CONFIG, quarantine)) {
            assertThat(ids(pass, labels)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
            // Classes in the order of the list: class2, class0, class1.
            assertThat(labels).containsExactly(1L, 2L, 0L, 1L, 2L, 0L, 1L, 2L, 0L, 1L);
            try (NDManager manager = NDManager.newBaseManager()) {
                assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> pass.next(manager));
            }
        }
    }

    @Test
    void visitsChosenSamplesInTheirOrder() {
        try (EvaluationPass pass =
                EvaluationPass.over(source, new long[] {7, 2, 2, 9, 0}, FORMAT, CONFIG, quarantine)) {
            assertThat(ids(pass, new ArrayList<>())).containsExactly(7L, 2L, 2L, 9L, 0L);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvaluationPass.over(source, new long[] {10}, FORMAT, CONFIG, quarantine))
                .withMessage("sample must lie in [0, 10): 10");
    }

    @Test
    void unreadableSamplesAreMissingAndNoted() {
        source.breakImage(3);
        try (EvaluationPass pass = EvaluationPass.over(source, FORMAT, CONFIG, quarantine)) {
            List<Long> labels = new ArrayList<>();
            assertThat(ids(pass, labels)).containsExactly(0L, 1L, 2L, 4L, 5L, 6L, 7L, 8L, 9L);
            assertThat(labels).containsExactly(1L, 2L, 0L, 2L, 0L, 1L, 2L, 0L, 1L);
        }
        assertThat(quarantine.entries()).extracting(Unreadable::sample).containsExactly(3L);
    }

    @Test
    void labelOutsideTheClassesIsAnErrorOfTheList() {
        LabelledImages two = new LabelledImages(FORMAT.view(), List.of("class0", "class1"));
        try (EvaluationPass pass = EvaluationPass.over(source, two, CONFIG, quarantine)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ids(pass, new ArrayList<>()))
                    .withMessage("Example picture-2 has labels [class2], none of which is among the 2 classes");
        }
    }
}

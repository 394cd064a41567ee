package org.generalvision.upstream.amateur;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Objects;
import org.generalvision.nn.Pass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextTowerTest {
    private static final int VOCABULARY = 20;
    private static final long EOT = VOCABULARY - 1;
    private static final int CONTEXT = 6;
    private static final int WIDTH = 8;
    private static final int EMBEDDING = 5;
    private static final Pass EVALUATION = Pass.evaluation();

    private final NDManager manager = NDManager.newBaseManager();
    private final TextTower tower = new TextTower(new TextTower.Config(WIDTH, 2, 2, CONTEXT, 0), VOCABULARY, EMBEDDING);

    @BeforeEach
    void initialize() {
        TinyPairs.initialized(tower, DataType.FLOAT64, manager);
        tower.parameters().values().forEach(p -> p.getArray().setRequiresGradient(false));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray tokens(long... ids) {
        return manager.create(ids, new Shape(ids.length / CONTEXT, CONTEXT));
    }

    private double[] embedding(long... ids) {
        return tower.forward(tokens(ids), EVALUATION).toDoubleArray();
    }

    @Test
    void theEmbeddingIsTheProjectedStateAtTheEndOfTheText() {
        TextTower.Encoded encoded = tower.encode(tokens(18, 3, 4, EOT, 0, 0, 18, 7, 7, 7, 7, EOT), EVALUATION);
        assertThat(encoded.states_BLW().getShape()).isEqualTo(new Shape(2, CONTEXT, WIDTH));
        double[] states = encoded.states_BLW().toDoubleArray();
        double[] weight = Objects.requireNonNull(tower.parameters().get("projection.weight"))
                .getArray()
                .toDoubleArray();
        double[] embeddings = encoded.embedding_BE().toDoubleArray();
        int[] ends = {3, 5};
        for (int b = 0; b < 2; b++) {
            for (int e = 0; e < EMBEDDING; e++) {
                double expected = 0;
                for (int w = 0; w < WIDTH; w++) {
                    expected += weight[e * WIDTH + w] * states[(b * CONTEXT + ends[b]) * WIDTH + w];
                }
                assertThat(embeddings[b * EMBEDDING + e]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @Test
    void noTokenSeesWhatComesAfterIt() {
        NDArray states = tower.encode(tokens(18, 3, 4, 5, 6, EOT), EVALUATION).states_BLW();
        NDArray changed = tower.encode(tokens(18, 3, 4, 9, 6, EOT), EVALUATION).states_BLW();
        assertThat(changed.get(":, :3")).isEqualTo(states.get(":, :3"));
        assertThat(changed.get(":, 3")).isNotEqualTo(states.get(":, 3"));
        assertThat(changed.get(":, 5")).isNotEqualTo(states.get(":, 5"));
    }

    @Test
    void whatFollowsTheEndOfTheTextDoesNotMatter() {
        assertThat(embedding(18, 3, 4, EOT, 0, 0)).isEqualTo(embedding(18, 3, 4, EOT, 5, 6));
    }

    @Test
    void theOrderOfTheWordsMatters() {
        assertThat(embedding(18, 3, 4, EOT, 0, 0)).isNotEqualTo(embedding(18, 4, 3, EOT, 0, 0));
    }

    @Test
    void gradientsOfAllParametersAreThoseOfTheValues() {
        NDArray ids = tokens(18, 3, 4, EOT, 0, 0, 18, 7, 7, 3, 9, EOT);
        NDArray weights = Gradients.normal(manager, "weights", 2, EMBEDDING);
        List<NDArray> parameters = tower.parameters().values().stream()
                .map(ai.djl.nn.Parameter::getArray)
                .toList();
        Gradients.check(parameters, moved -> {
            List<NDArray> before = parameters.stream().map(NDArray::duplicate).toList();
            boolean own = moved.get(0) == parameters.get(0);
            for (int i = 0; !own && i < parameters.size(); i++) {
                moved.get(i).copyTo(parameters.get(i));
            }
            NDArray loss = tower.forward(ids, EVALUATION).mul(weights).sum();
            for (int i = 0; !own && i < parameters.size(); i++) {
                before.get(i).copyTo(parameters.get(i));
            }
            return loss;
        });
    }

    @Test
    void anotherContextAndWrongSizesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tower.forward(manager.zeros(new Shape(2, 5), DataType.INT64), EVALUATION))
                .withMessageContaining("(batch, 6)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTower.Config(8, 0, 2, 6, 0))
                .withMessageContaining("numLayers must be positive: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTower.Config(9, 1, 2, 6, 0))
                .withMessageContaining("width must be a positive multiple of numHeads: 9 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTower.Config(8, 1, 2, 2, 0))
                .withMessageContaining("contextLength must lie in [3, 4096]: 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TextTower.Config(8, 1, 2, 6, 1))
                .withMessageContaining("dropout must be in [0, 1): 1.0");
    }
}

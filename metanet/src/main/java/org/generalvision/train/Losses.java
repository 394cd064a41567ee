package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Ops;

/** The named scalar losses of one batch and their weights. */
public final class Losses {
    private final List<Term> terms = new ArrayList<>();

    /** One loss: a float32 scalar with its weight in the total. */
    public record Term(String name, double weight, NDArray value) {}

    /** Adds a loss that counts {@code weight} times in the total. */
    public Losses add(String name, double weight, NDArray value) {
        if (value.getShape().size() != 1) {
            throw new IllegalArgumentException("Loss " + name + " is not a scalar but " + value.getShape());
        }
        terms.add(new Term(name, weight, value));
        return this;
    }

    /** The losses in the order in which they were added. */
    public List<Term> terms() {
        return List.copyOf(terms);
    }

    /** The weighted sum, a scalar. */
    public NDArray total() {
        return terms.stream()
                .map(t -> Ops.scale(t.value(), t.weight()))
                .reduce(NDArray::add)
                .orElseThrow(() -> new IllegalStateException("An objective returned no loss"));
    }
}

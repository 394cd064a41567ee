package org.generalvision.train;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.generalvision.nn.Ops;
import org.jspecify.annotations.Nullable;

/** The named scalar losses of one batch and their weights. */
public final class Losses {
    private final List<Term> terms = new ArrayList<>();

    /**
     * One loss: a float32 scalar with its weight in the total.
     *
     * @param factor a float32 scalar that the weight is multiplied with, and that may be learned, or null for 1
     */
    public record Term(
            String name,
            double weight,
            NDArray value,
            @Nullable NDArray factor) {
        private NDArray weighted() {
            NDArray scaled = Ops.scale(value, weight);
            return factor == null ? scaled : scaled.mul(factor);
        }
    }

    /** Adds a loss that counts {@code weight} times in the total. */
    public Losses add(String name, double weight, NDArray value) {
        if (value.getShape().size() != 1) {
            throw new IllegalArgumentException("Loss " + name + " is not a scalar but " + value.getShape());
        }
        terms.add(new Term(name, weight, value, null));
        return this;
    }

    /** The same losses, each of which counts {@code factor} times as much. */
    public Losses times(double factor) {
        Losses scaled = new Losses();
        terms.forEach(t -> scaled.terms.add(new Term(t.name, factor * t.weight, t.value, t.factor)));
        return scaled;
    }

    /**
     * The same losses, whose total is multiplied with a scalar that may be learned; their values, and so what is logged, stay.
     *
     * @param factor a float32 scalar
     */
    public Losses times(NDArray factor) {
        Losses scaled = new Losses();
        terms.forEach(t -> scaled.terms.add(
                new Term(t.name, t.weight, t.value, t.factor == null ? factor : t.factor.mul(factor))));
        return scaled;
    }

    /** The losses in the order in which they were added. */
    public List<Term> terms() {
        return List.copyOf(terms);
    }

    /** The weighted sum, a scalar. */
    public NDArray total() {
        return terms.stream()
                .map(Term::weighted)
                .reduce(NDArray::add)
                .orElseThrow(() -> new IllegalStateException("An objective returned no loss"));
    }
}

package org.generalvision.upstream.generalist;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.generalvision.nn.Init;
import org.generalvision.train.Losses;
import org.generalvision.upstream.head.MapsLayer;

/** How much the losses of each data set count; the key {@code kind} of a recipe says which. */
public sealed interface LossBalance {
    /**
     * The balance of some data sets, not yet initialized.
     *
     * @throws IllegalArgumentException if it is set for other data sets
     */
    Scales over(List<String> dataSets);

    /** Weighs the losses of a batch; what is learned about them is a parameter. */
    abstract class Scales extends MapsLayer {
        /**
         * The losses as they count.
         *
         * @param own all losses of a batch of the data set
         */
        abstract Losses weigh(String dataSet, Losses own);
    }

    /**
     * Numbers of the recipe.
     *
     * @param weights positive, by name of the data set
     */
    record Fixed(Map<String, Double> weights) implements LossBalance {
        public Fixed {
            weights = Map.copyOf(weights);
            weights.forEach((name, weight) -> {
                if (!(weight > 0) || weight.isInfinite()) {
                    throw new IllegalArgumentException(
                            "weights must be positive numbers, but that of %s is %s".formatted(name, weight));
                }
            });
        }

        @Override
        public Scales over(List<String> dataSets) {
            if (!weights.keySet().equals(new TreeSet<>(dataSets))) {
                throw new IllegalArgumentException(
                        "balance.weights must hold a number for each data set, %s, and is for %s"
                                .formatted(dataSets, new TreeSet<>(weights.keySet())));
            }
            return new Constants(weights);
        }

        private static final class Constants extends Scales {
            private final Map<String, Double> weights;

            Constants(Map<String, Double> weights) {
                this.weights = weights;
            }

            @Override
            Losses weigh(String dataSet, Losses own) {
                return own.times(weights.getOrDefault(dataSet, 1.0));
            }
        }
    }

    /**
     * By uncertainty (Kendall, Gal and Cipolla 2018, arXiv 1705.07115, eq. 10): exp(-s) L + s / 2 with a learned s = log sigma^2 for
     * each data set, which starts at 0. Eq. 7, for squared errors, has half of the first term; that is the same with another
     * s and so needs no form of its own.
     */
    record Uncertainty() implements LossBalance {
        @Override
        public Scales over(List<String> dataSets) {
            return new LogVariances(dataSets);
        }

        private static final class LogVariances extends Scales {
            private final Map<String, Parameter> logVariances = new LinkedHashMap<>();

            LogVariances(List<String> dataSets) {
                dataSets.forEach(name -> logVariances.put(name, parameter(name, new Shape(1), Init.zeros())));
            }

            @Override
            Losses weigh(String dataSet, Losses own) {
                Parameter parameter = logVariances.get(dataSet);
                if (parameter == null) {
                    throw new IllegalStateException("No log variance for " + dataSet);
                }
                // A product with something of the batch, so that the results belong to the batch's manager.
                NDArray one = own.terms().get(0).value().onesLike();
                NDArray s = one.mul(array(parameter)).sum();
                return own.times(s.neg().exp()).add(dataSet + "/halfLogVariance", 0.5, s);
            }
        }
    }
}

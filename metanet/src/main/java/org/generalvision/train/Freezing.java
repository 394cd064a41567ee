package org.generalvision.train;

import java.util.List;
import org.generalvision.nn.Layer;

/** Which layers a recipe excludes from training. */
final class Freezing {
    private Freezing() {}

    /**
     * Freezes the layers that the patterns match, and all that is below them; their norms keep their statistics.
     *
     * @throws IllegalArgumentException if a pattern matches no layer of any of the models
     */
    static void apply(List<String> patterns, List<Layer> models) {
        for (String text : patterns) {
            PathPattern pattern = PathPattern.of(text);
            List<Layer> matched = models.stream()
                    .flatMap(model -> model.layers().entrySet().stream())
                    .filter(entry -> pattern.matches(entry.getKey()))
                    .map(entry -> entry.getValue())
                    .toList();
            if (matched.isEmpty()) {
                throw new IllegalArgumentException(
                        "freeze: the pattern " + text + " matches no layer; the outermost are "
                                + models.stream()
                                        .flatMap(model -> model.layers().keySet().stream())
                                        .filter(path -> !path.isEmpty() && !path.contains("."))
                                        .toList());
            }
            matched.forEach(layer -> layer.freeze(true));
        }
    }
}

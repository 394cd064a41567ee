package org.generalvision.upstream.expert;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.generalvision.data.example.Example;

/**
 * What a task reads of examples' annotations.
 *
 * @param classes what can be shown, such as classes
 * @param silence what an example means that shows none of them
 * @param shown which of them an example shows
 */
record Vocabulary(List<String> classes, Silence silence, Function<Example, Collection<String>> shown) {
    /** What an example means that shows no class. */
    enum Silence {
        /** It cannot be trained on, and is not measured. */
        UNUSABLE,
        /** Nothing is learned from it, and it is not measured. */
        UNKNOWN,
        /** That there is nothing to be found. */
        NOTHING
    }

    Vocabulary {
        classes = List.copyOf(classes);
    }

    /** Whether an example is measured. */
    boolean measures(Example example) {
        return silence == Silence.NOTHING || !shown.apply(example).isEmpty();
    }
}

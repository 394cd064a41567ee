package org.generalvision.benchmark.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A training of a recipe.
 *
 * @param name of its run directory, which says all that sets it apart from the others
 * @param recipe that it runs, a shipped one whatever files there are of its name
 * @param overrides {@code key=value}
 * @param from whose weights it begins with, or null
 * @param places keys of the recipe whose value is the run directory of another training
 */
public record Training(
        String name,
        String recipe,
        List<String> overrides,
        @Nullable Training from,
        SortedMap<String, Training> places) {
    public Training {
        if (!name.matches("[a-z0-9.-]+(/[a-z0-9.-]+)*")) {
            throw new IllegalArgumentException("The name of a training must be a path of lower-case words: " + name);
        }
        overrides = List.copyOf(overrides);
        places = new TreeMap<>(places);
    }

    /** From scratch. */
    public static Training of(String name, String recipe, String... overrides) {
        return new Training(name, recipe, List.of(overrides), null, new TreeMap<>());
    }

    /** With another one's weights to begin with. */
    public Training from(Training first) {
        return new Training(name, recipe, overrides, first, places);
    }

    /** With further overrides. */
    public Training with(String... more) {
        List<String> all = new ArrayList<>(overrides);
        all.addAll(List.of(more));
        return new Training(name, recipe, all, from, places);
    }

    /** With a key whose value is where another training lies. */
    public Training reading(String key, Training other) {
        SortedMap<String, Training> all = new TreeMap<>(places);
        all.put(key, other);
        return new Training(name, recipe, overrides, from, all);
    }

    /** The trainings that this one needs. */
    Stream<Training> before() {
        return Stream.concat(Stream.ofNullable(from), places.values().stream());
    }
}

package org.generalvision.data.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.generalvision.data.example.Fault;

/** What was found, by kind: how often, and the first of them. */
public final class Findings {
    private final int shown;
    private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
    private final Map<Fault, List<Place>> places = new EnumMap<>(Fault.class);

    /**
     * Nothing yet.
     *
     * @param shown places that are remembered of each kind
     */
    public Findings(int shown) {
        if (shown < 0) {
            throw new IllegalArgumentException("The number of places to show must not be negative: " + shown);
        }
        this.shown = shown;
    }

    /**
     * Where something was found.
     *
     * @param id of the example, annotation or file
     * @param detail what is wrong there
     */
    public record Place(String id, String detail) {}

    /**
     * All findings of a kind.
     *
     * @param rule {@link Fault#code}
     * @param severity error or warning
     * @param meaning what has it, in the plural
     * @param count how many
     * @param first some of them
     */
    public record Finding(String rule, String severity, String meaning, long count, List<Place> first) {
        public Finding {
            first = List.copyOf(first);
        }
    }

    void add(Fault fault, String id, String detail) {
        counts.merge(fault, 1L, Long::sum);
        List<Place> some = places.computeIfAbsent(fault, kind -> new ArrayList<>());
        if (some.size() < shown) {
            some.add(new Place(id, detail));
        }
    }

    /** How many of a kind were found. */
    public long count(Fault fault) {
        return counts.getOrDefault(fault, 0L);
    }

    public long errors() {
        return sum(true);
    }

    public long warnings() {
        return sum(false);
    }

    private long sum(boolean error) {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().isError() == error)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Errors first, in the order of {@link Fault}. */
    public List<Finding> all() {
        return counts.keySet().stream()
                .map(fault -> new Finding(
                        fault.code(),
                        fault.isError() ? "error" : "warning",
                        fault.meaning(),
                        count(fault),
                        places.getOrDefault(fault, List.of())))
                .toList();
    }
}

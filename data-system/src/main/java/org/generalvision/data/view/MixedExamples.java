package org.generalvision.data.view;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.MixedSource;

/** Several sources, one after the other, with the weights by which training draws from them. */
public final class MixedExamples implements MixedSource {
    private final List<Part> parts;
    private final Mixture mixture;
    /** Index at which each part begins, and one past the last example. */
    private final long[] starts;

    /**
     * A mixture; the sources close with it.
     *
     * @param draws of an epoch
     * @param parts in their order
     */
    public MixedExamples(long draws, List<Part> parts) {
        this.parts = List.copyOf(parts);
        mixture = new Mixture(
                draws,
                parts.stream()
                        .map(part -> new Member(part.source().size(), part.weight()))
                        .toList());
        starts = new long[parts.size() + 1];
        for (int i = 0; i < parts.size(); i++) {
            starts[i + 1] = starts[i] + parts.get(i).source().size();
        }
    }

    /**
     * One of the sources.
     *
     * @param name what it is called
     */
    public record Part(String name, ExampleSource source, long weight) {}

    @Override
    public Mixture mixture() {
        return mixture;
    }

    /** The names of the parts, in their order. */
    public List<String> names() {
        return parts.stream().map(Part::name).toList();
    }

    @Override
    public long size() {
        return starts[parts.size()];
    }

    @Override
    public Example get(long index) {
        if (index < 0 || index >= size()) {
            throw new IndexOutOfBoundsException("Example %d of a mixture that has %d".formatted(index, size()));
        }
        int part = part(index);
        return parts.get(part).source().get(index - starts[part]);
    }

    @Override
    public void prefetch(long index) {
        int part = part(index);
        parts.get(part).source().prefetch(index - starts[part]);
    }

    private int part(long index) {
        int found = Arrays.binarySearch(starts, index);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public String hash() {
        String members = parts.stream()
                .map(part -> "%s %d %s"
                        .formatted(part.name(), part.weight(), part.source().hash()))
                .collect(Collectors.joining("\n"));
        return Hashing.sha256()
                .hashString("mixture %d\n%s".formatted(mixture.draws(), members), StandardCharsets.UTF_8)
                .toString();
    }

    @Override
    public void close() {
        parts.forEach(part -> part.source().close());
    }
}

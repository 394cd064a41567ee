package org.generalvision.data.view;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.augment.RandomStream;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.load.Permutation;
import org.jspecify.annotations.Nullable;

/**
 * The examples of a source that meet all conditions, in the order of the source; with a limit, a sample of them in the order
 * of a permutation. Conditions are judged once; the result is kept under the hash of source and conditions.
 */
public final class ExampleView implements ExampleSource {
    private static final long PURPOSE = RandomStream.hash("limit");

    private final ExampleSource source;
    private final List<Condition> where;
    private final KeptIndices kept;
    private final @Nullable Permutation permutation;
    private final long size;
    private final String hash;

    private ExampleView(ExampleSource source, List<Condition> where, @Nullable Limit limit, KeptIndices kept) {
        this.source = source;
        this.where = where;
        this.kept = kept;
        this.size = limit == null ? kept.size() : Math.min(limit.examples(), kept.size());
        this.permutation = limit == null || kept.size() == 0
                ? null
                : new Permutation(kept.size(), RandomStream.mix(limit.seed(), PURPOSE));
        this.hash = sha256("view %s where %s limit %s".formatted(source.hash(), where, limit));
    }

    /**
     * The first so many of a random order.
     *
     * @param examples largest number
     * @param seed of the order
     */
    public record Limit(long examples, long seed) {
        public Limit {
            if (examples < 1) {
                throw new IllegalArgumentException("examples must be positive: " + examples);
            }
        }
    }

    /**
     * Opens a view; the source closes with it.
     *
     * @param cache folder for the indices of what meets the conditions
     */
    public static ExampleView of(ExampleSource source, List<Condition> where, @Nullable Limit limit, Path cache) {
        List<Condition> conditions = List.copyOf(where);
        Path file = cache.resolve(sha256("kept %s where %s".formatted(source.hash(), conditions)) + ".indices");
        KeptIndices kept = KeptIndices.open(file, source.size(), index -> {
            Example example = source.get(index);
            for (Condition condition : conditions) {
                if (!condition.accepts(example)) {
                    return false;
                }
                example = condition.shown(example);
            }
            return true;
        });
        return new ExampleView(source, conditions, limit, kept);
    }

    private static String sha256(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Example get(long index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("Example %d of a view that has %d".formatted(index, size));
        }
        Example example = source.get(row(index));
        for (Condition condition : where) {
            example = condition.shown(example);
        }
        return example;
    }

    @Override
    public void prefetch(long index) {
        source.prefetch(row(index));
    }

    private long row(long index) {
        return kept.at(permutation == null ? index : permutation.at(index));
    }

    @Override
    public String hash() {
        return hash;
    }

    @Override
    public void close() {
        source.close();
    }
}

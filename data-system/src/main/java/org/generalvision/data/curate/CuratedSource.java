package org.generalvision.data.curate;

import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.shard.Manifest;
import org.generalvision.data.shard.ShardReader;
import org.generalvision.data.store.Location;
import org.jspecify.annotations.Nullable;

/**
 * A directory of shards without the examples that curation steps have removed. What is left is numbered anew, in the order of
 * the shards.
 */
public final class CuratedSource implements ExampleSource {
    private final ShardReader shards;
    private final StepLists lists;
    private final List<RemovalList> steps;
    private final KeptRows kept;
    private final String hash;

    private CuratedSource(ShardReader shards, StepLists lists, List<RemovalList> steps, KeptRows kept) {
        this.shards = shards;
        this.lists = lists;
        this.steps = steps;
        this.kept = kept;
        hash = kept.hash(shards.hash());
    }

    /**
     * Opens a directory, wherever it lies, and reads its removal lists.
     *
     * @throws IllegalArgumentException if it is no directory of shards, or a list is malformed or was made for other shards
     */
    public static CuratedSource open(Location directory) {
        ShardReader shards = ShardReader.open(directory);
        StepLists lists = null;
        boolean whole = false;
        try {
            lists = StepLists.of(directory);
            KeptRows.Builder rows = new KeptRows.Builder(shards.size());
            List<RemovalList> steps = lists.steps().active();
            for (RemovalList step : steps) {
                requireFor(shards, step);
                step.forEach(removal -> {
                    if (removal.index() >= shards.size()) {
                        throw new IllegalArgumentException("%s removes example %d of %s, which has %d"
                                .formatted(step.file(), removal.index(), directory, shards.size()));
                    }
                    rows.remove(removal.index());
                });
            }
            whole = true;
            return new CuratedSource(shards, lists, steps, rows.build());
        } finally {
            if (!whole) {
                closeAll(shards, lists);
            }
        }
    }

    /**
     * Opens a directory of this machine.
     *
     * @see #open(Location)
     */
    public static CuratedSource open(Path directory) {
        return open(Location.of(directory));
    }

    private static void requireFor(ShardReader shards, RemovalList step) {
        if (!step.header().manifest().equals(shards.hash())) {
            throw new IllegalArgumentException(
                    "%s was made for shards with manifest %s, but the manifest is now %s: its indices mean other examples; undo the step (gv data undo) and run it again"
                            .formatted(step.file(), step.header().manifest(), shards.hash()));
        }
    }

    /** Of the shards, removed examples included. */
    public Manifest manifest() {
        return shards.manifest();
    }

    /**
     * Compares one shard with its checksum and reads its structure, as {@link ShardReader#verify}.
     *
     * @param shard position in the manifest
     * @throws IllegalArgumentException if it is missing, differs from the manifest or is malformed
     */
    public void verify(int shard) {
        shards.verify(shard);
    }

    /** Hash of the manifest, whatever was removed. */
    public String manifestHash() {
        return shards.hash();
    }

    /** The steps in force. */
    public List<RemovalList> steps() {
        return steps;
    }

    /** The steps that were taken back; those of a directory in a bucket are not known. */
    public List<RemovalList> undone() {
        return lists.steps().undone();
    }

    /** Number of examples in the shards that are removed. */
    public long removed() {
        return shards.size() - kept.size();
    }

    /** Where an example lies in the shards, whatever was removed. */
    public long shardIndex(long index) {
        return kept.row(index);
    }

    @Override
    public long size() {
        return kept.size();
    }

    @Override
    public Example get(long index) {
        return shards.get(kept.row(index));
    }

    @Override
    public void prefetch(long index) {
        shards.prefetch(kept.row(index));
    }

    /** {@inheritDoc} While something is removed, it covers which examples are. */
    @Override
    public String hash() {
        return hash;
    }

    @Override
    public void close() {
        closeAll(shards, lists);
    }

    private static void closeAll(ShardReader shards, @Nullable StepLists lists) {
        try (shards) {
            if (lists != null) {
                lists.close();
            }
        }
    }
}

package org.generalvision.data.source;

/**
 * A recipe of {@code gv data build}.
 *
 * @param source the collection
 * @param maxRejected share of its items that may be unusable, in [0, 1]
 * @param shardBytes size at which a shard is closed
 */
public record CorpusRecipe(SourceConfig source, double maxRejected, long shardBytes) {
    public CorpusRecipe {
        if (!(maxRejected >= 0 && maxRejected <= 1)) {
            throw new IllegalArgumentException("maxRejected must lie in [0, 1]: " + maxRejected);
        }
        if (shardBytes <= 0) {
            throw new IllegalArgumentException("shardBytes must be positive: " + shardBytes);
        }
    }
}

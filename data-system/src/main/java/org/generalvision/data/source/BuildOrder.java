package org.generalvision.data.source;

import org.generalvision.data.shard.ShardWriter;

/**
 * What is to be built, in a form that can be sent to other processes.
 *
 * @param source the collection
 * @param perceptualHashes whether each image's perceptual hash is kept
 * @param shardBytes target size of a shard
 * @param maxRejected share of items that may be unusable, in [0, 1]
 * @param freeRejections number of items that may be unusable in any case
 */
public record BuildOrder(
        SourceConfig source, boolean perceptualHashes, long shardBytes, double maxRejected, int freeRejections) {
    public BuildOrder {
        ShardWriter.requireTarget(shardBytes);
        RejectionCount.requireShare(maxRejected);
    }

    /** Opens the whole collection. */
    public CollectionSource open() {
        CollectionSource bounded = new RejectionLimit(source.open(), maxRejected, freeRejections);
        return perceptualHashes ? new HashedSource(bounded) : bounded;
    }
}

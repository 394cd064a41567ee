package org.generalvision.data.source;

import java.nio.file.Path;

/** Builds with several processes. */
public interface BuildEngine {
    /**
     * Makes a directory of shards with the bytes of {@link ShardBuild}.
     *
     * @param directory to make
     * @throws IllegalArgumentException if it exists, or the collection or the order is wrong
     */
    ShardBuild.Result build(BuildOrder order, Path directory);
}

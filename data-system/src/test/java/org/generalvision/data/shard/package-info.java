/** Tests of shards: what goes in comes out, and what was damaged is refused. */
@NullMarked
package org.generalvision.data.shard;

import org.jspecify.annotations.NullMarked;

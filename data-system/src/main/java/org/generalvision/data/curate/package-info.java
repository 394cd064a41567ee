/**
 * Takes examples out of directories of shards without touching the shards: duplicates, leaked test images, poor captions,
 * images that do not show what they should. Each step appends a list of what it removed and why, and can be undone.
 */
@NullMarked
package org.generalvision.data.curate;

import org.jspecify.annotations.NullMarked;

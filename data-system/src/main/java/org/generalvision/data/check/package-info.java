/** Finds what is wrong with data before it is trained on: in directories of shards, and in collections before they are built. */
@NullMarked
package org.generalvision.data.check;

import org.jspecify.annotations.NullMarked;

/** Locations, buckets and copies of what lies there; and the server that stands for a bucket in tests. */
@NullMarked
package org.generalvision.data.store;

import org.jspecify.annotations.NullMarked;

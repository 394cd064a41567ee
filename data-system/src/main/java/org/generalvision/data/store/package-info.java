/** Where files lie, on this machine or in a bucket, and the copies of the latter on the local disk. */
@NullMarked
package org.generalvision.data.store;

import org.jspecify.annotations.NullMarked;

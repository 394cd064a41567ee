/**
 * Examples on disk: a directory of Arrow IPC files with a manifest that says what they hold and vouches for their bytes.
 * Written once in order, read at random through mapped memory.
 */
@NullMarked
package org.generalvision.data.shard;

import org.jspecify.annotations.NullMarked;

/** Shows a person what is in a directory of shards: figures, pictures with their annotations, and a page of both. */
@NullMarked
package org.generalvision.data.inspect;

import org.jspecify.annotations.NullMarked;

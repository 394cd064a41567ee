/** Tests of the readers: their rules on small made-up collections, their traps, and the corpus that they made. */
@NullMarked
package org.generalvision.data.source;

import org.jspecify.annotations.NullMarked;

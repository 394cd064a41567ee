/** How examples reach a batch: order, decoding, augmentation, prefetch. The only data package that sees arrays. */
@NullMarked
package org.generalvision.data.load;

import org.jspecify.annotations.NullMarked;

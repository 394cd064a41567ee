/**
 * Regions of images that may be objects, found without labels. They depend on the image alone and are computed once.
 */
@NullMarked
package org.generalvision.data.propose;

import org.jspecify.annotations.NullMarked;

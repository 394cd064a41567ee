/**
 * Heads that the stages share: what makes classes, boxes, masks and depth of a backbone's feature or feature maps, with the
 * losses that train them and the reading of their predictions. A head knows no stage and draws from keyed streams alone.
 */
@NullMarked
package org.generalvision.upstream.head;

import org.jspecify.annotations.NullMarked;

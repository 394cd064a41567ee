/**
 * Composed scenes: cut-outs on backgrounds before a stated pinhole camera, so that size, occlusion and depth follow from
 * metres, with boxes, masks and depth that are exact because they are made, not drawn by hand.
 */
@NullMarked
package org.generalvision.data.scene;

import org.jspecify.annotations.NullMarked;

/**
 * The Amateur stage: an image tower and a text tower learn from image-text pairs with DeCLIP's objective (arXiv
 * 2110.05208), or with that of CLIP (arXiv 2103.00020), its baseline. What they have learned is measured by zero-shot
 * classification and by retrieval.
 */
@NullMarked
package org.generalvision.upstream.amateur;

import org.jspecify.annotations.NullMarked;

/** Checkpoints for others: weights, card and recipe, without what only their training needs. */
@NullMarked
package org.generalvision.benchmark.export;

import org.jspecify.annotations.NullMarked;

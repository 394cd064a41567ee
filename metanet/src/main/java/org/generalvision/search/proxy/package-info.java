/**
 * What a search finds out by training: candidates of the MetaNet space are trained for a short time on labelled pictures, through
 * the one training loop. Here the recipe of a search joins space, search and data.
 */
@NullMarked
package org.generalvision.search.proxy;

import org.jspecify.annotations.NullMarked;

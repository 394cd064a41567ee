/**
 * One label system for all data: concepts with names in several languages in a graph of parents, where they come from, and how
 * the labels of a data set are merged into them.
 */
@NullMarked
package org.generalvision.data.label;

import org.jspecify.annotations.NullMarked;

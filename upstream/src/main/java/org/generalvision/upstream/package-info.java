/**
 * The upstream stages by their recipes: each takes data and perhaps a checkpoint, and gives a checkpoint. How a stage works
 * lies in the package of its name.
 */
@NullMarked
package org.generalvision.upstream;

import org.jspecify.annotations.NullMarked;

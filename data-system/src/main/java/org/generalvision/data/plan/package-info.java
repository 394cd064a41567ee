/** What a data set of a size costs to build, curate and read, from costs that were measured on a sample. */
@NullMarked
package org.generalvision.data.plan;

import org.jspecify.annotations.NullMarked;

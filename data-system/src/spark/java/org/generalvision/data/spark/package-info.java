/** Builds on Spark. Compiled under the Maven profile {@code spark} alone. */
@NullMarked
package org.generalvision.data.spark;

import org.jspecify.annotations.NullMarked;

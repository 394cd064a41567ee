/** Figures of pages that show what a network can do. */
@NullMarked
package org.generalvision.benchmark.report;

import org.jspecify.annotations.NullMarked;

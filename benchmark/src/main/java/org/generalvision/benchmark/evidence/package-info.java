/** What the stages are worth, measured: trainings of desk recipes with several seeds, and tables of what came out. */
@NullMarked
package org.generalvision.benchmark.evidence;

import org.jspecify.annotations.NullMarked;

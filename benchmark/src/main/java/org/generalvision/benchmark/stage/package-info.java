/** Trainings of recipes that begin with one another, below one directory, each done once. */
@NullMarked
package org.generalvision.benchmark.stage;

import org.jspecify.annotations.NullMarked;

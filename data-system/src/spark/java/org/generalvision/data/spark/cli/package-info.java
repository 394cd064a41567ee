/** The main class of a process that has Spark. */
@NullMarked
package org.generalvision.data.spark.cli;

import org.jspecify.annotations.NullMarked;

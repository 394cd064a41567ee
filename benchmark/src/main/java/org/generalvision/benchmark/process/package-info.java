/** The command line in processes of its own. */
@NullMarked
package org.generalvision.benchmark.process;

import org.jspecify.annotations.NullMarked;

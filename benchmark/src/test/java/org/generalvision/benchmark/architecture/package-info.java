/** The boundaries between packages and modules, checked over the classes of all modules. The rules are the architecture. */
@NullMarked
package org.generalvision.benchmark.architecture;

import org.jspecify.annotations.NullMarked;

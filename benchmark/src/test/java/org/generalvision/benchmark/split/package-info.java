@NullMarked
package org.generalvision.benchmark.split;

import org.jspecify.annotations.NullMarked;

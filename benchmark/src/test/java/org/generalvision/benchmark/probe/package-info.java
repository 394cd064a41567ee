@NullMarked
package org.generalvision.benchmark.probe;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.generalvision.benchmark.evidence;

import org.jspecify.annotations.NullMarked;

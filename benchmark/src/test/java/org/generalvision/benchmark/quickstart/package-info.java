@NullMarked
package org.generalvision.benchmark.quickstart;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.generalvision.benchmark.cli;

import org.jspecify.annotations.NullMarked;

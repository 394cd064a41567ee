@NullMarked
package org.generalvision.benchmark.report;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.generalvision.report;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.generalvision.data.label;

import org.jspecify.annotations.NullMarked;

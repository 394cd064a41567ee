@NullMarked
package org.generalvision.data.check;

import org.jspecify.annotations.NullMarked;

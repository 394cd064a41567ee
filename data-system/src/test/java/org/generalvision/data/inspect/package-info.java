@NullMarked
package org.generalvision.data.inspect;

import org.jspecify.annotations.NullMarked;

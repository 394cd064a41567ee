@NullMarked
package org.generalvision.data.curate;

import org.jspecify.annotations.NullMarked;

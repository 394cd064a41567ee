@NullMarked
package org.generalvision.data.plan;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.generalvision.data.view;

import org.jspecify.annotations.NullMarked;

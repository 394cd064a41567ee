/** Views: the examples of a source that meet conditions, and mixtures of several by stated weights. */
@NullMarked
package org.generalvision.data.view;

import org.jspecify.annotations.NullMarked;

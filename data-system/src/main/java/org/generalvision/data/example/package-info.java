/** What one example is: an image, where it comes from, and whatever is known about it; and what can embed it. */
@NullMarked
package org.generalvision.data.example;

import org.jspecify.annotations.NullMarked;

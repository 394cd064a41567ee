/** Tests of {@code org.generalvision.data.example}. */
@NullMarked
package org.generalvision.data.example;

import org.jspecify.annotations.NullMarked;

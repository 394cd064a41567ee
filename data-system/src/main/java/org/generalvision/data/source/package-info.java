/**
 * Readers of public formats: each walks a collection in a fixed order and says of every item whether it is an example, is
 * left out by a rule, or cannot be used. They trust nothing that they read.
 */
@NullMarked
package org.generalvision.data.source;

import org.jspecify.annotations.NullMarked;

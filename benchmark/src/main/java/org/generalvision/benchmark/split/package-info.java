/** Which examples a percentage-shot evaluation may train on. A choice depends on ids and a seed, never on the order of a file. */
@NullMarked
package org.generalvision.benchmark.split;

import org.jspecify.annotations.NullMarked;

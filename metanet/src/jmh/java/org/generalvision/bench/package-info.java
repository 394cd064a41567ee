/** Speed comparisons that anyone can start: each contender is a process of its own, run in alternated rounds. */
@NullMarked
package org.generalvision.bench;

import org.jspecify.annotations.NullMarked;

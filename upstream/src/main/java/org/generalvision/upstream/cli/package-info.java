/** The command {@code gv pretrain}, which runs the recipe of an upstream stage. */
@NullMarked
package org.generalvision.upstream.cli;

import org.jspecify.annotations.NullMarked;

/** Tests of the data commands as a user calls them. */
@NullMarked
package org.generalvision.data.cli;

import org.jspecify.annotations.NullMarked;

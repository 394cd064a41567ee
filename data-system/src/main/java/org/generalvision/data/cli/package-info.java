/** The data commands of the command line and how long work shows its progress. The only data package that prints. */
@NullMarked
package org.generalvision.data.cli;

import org.jspecify.annotations.NullMarked;

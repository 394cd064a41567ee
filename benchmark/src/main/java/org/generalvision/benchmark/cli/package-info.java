/**
 * The command line: the main class, and the commands that need every module. Only packages called {@code cli} print,
 * parse arguments or end the process.
 */
@NullMarked
package org.generalvision.benchmark.cli;

import org.jspecify.annotations.NullMarked;

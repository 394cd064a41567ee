/**
 * Weights in files: the safetensors format read strictly and written durably, and the way from a file into a network. Files
 * are untrusted input; whatever is wrong with one is said in a line and nothing is half loaded.
 */
@NullMarked
package org.generalvision.weights;

import org.jspecify.annotations.NullMarked;

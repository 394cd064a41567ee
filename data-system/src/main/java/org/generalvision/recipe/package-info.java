/**
 * The strict reader of recipes: one YAML file per run into records, where an unknown, missing, mistyped or out-of-range
 * value is an error that names the file, the line, the key and the closest known key. It knows no method.
 */
@NullMarked
package org.generalvision.recipe;

import org.jspecify.annotations.NullMarked;

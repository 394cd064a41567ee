/**
 * Text as numbers: a trainer of byte-pair vocabularies in CLIP's manner, the tokenizer that uses them, and the random changes
 * that make a second view of a caption.
 */
@NullMarked
package org.generalvision.data.text;

import org.jspecify.annotations.NullMarked;

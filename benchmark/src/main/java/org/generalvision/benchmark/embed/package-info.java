/** Trained models of images and texts as embedders, for the data system, which cannot know them. */
@NullMarked
package org.generalvision.benchmark.embed;

import org.jspecify.annotations.NullMarked;

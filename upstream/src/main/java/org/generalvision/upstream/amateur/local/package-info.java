/**
 * Up-A-L, the local stage: an Amateur's image tower learns to tell regions apart (SoCo), and keeps its place in the space of
 * texts.
 */
@NullMarked
package org.generalvision.upstream.amateur.local;

import org.jspecify.annotations.NullMarked;

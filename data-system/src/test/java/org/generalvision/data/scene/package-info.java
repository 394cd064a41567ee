/** Tests of composed scenes against the equations of the camera. */
@NullMarked
package org.generalvision.data.scene;

import org.jspecify.annotations.NullMarked;

/**
 * Pages that show a result to a person: one HTML file that needs nothing else, no network and no script. It knows tables,
 * curves and pictures, not what was measured.
 */
@NullMarked
package org.generalvision.report;

import org.jspecify.annotations.NullMarked;

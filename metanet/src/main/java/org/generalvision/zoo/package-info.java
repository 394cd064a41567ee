/**
 * Networks of the literature under their usual names and with the parameter names of their reference implementations, so
 * that public weight files fit. {@link org.generalvision.zoo.ZooCatalog} lists them together with the MetaNet family.
 */
@NullMarked
package org.generalvision.zoo;

import org.jspecify.annotations.NullMarked;

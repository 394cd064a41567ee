package org.generalvision.data.label;

import java.util.List;

/**
 * What a source of labels holds.
 *
 * @param labels the concepts
 * @param morphology irregular forms that come with the names
 * @param remarks what people should know about the import, for example keys that were passed over
 */
public record Imported(LabelSystem labels, Morphology morphology, List<String> remarks) {
    public Imported {
        remarks = List.copyOf(remarks);
    }
}

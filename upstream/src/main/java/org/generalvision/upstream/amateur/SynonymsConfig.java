package org.generalvision.upstream.amateur;

import java.nio.file.Path;
import org.generalvision.data.label.ConceptSynonyms;
import org.generalvision.data.label.LabelDirectory;

/**
 * Where the words come from that replace others in a text view.
 *
 * @param labels a label system, as {@code gv data labels import} makes it
 * @param language of its names that stand in for words, BCP 47; captions in other languages keep their words
 */
public record SynonymsConfig(Path labels, String language) {
    public SynonymsConfig {
        if (language.isBlank()) {
            throw new IllegalArgumentException("language must name a language of the label system, such as en");
        }
    }

    /** Loads the label system. */
    ConceptSynonyms open() {
        return new ConceptSynonyms(LabelDirectory.open(labels).load(), language);
    }

    /** What the synonyms depend on, for a run's provenance. */
    String hash() {
        return "%s of %s".formatted(language, LabelDirectory.open(labels).hash());
    }
}

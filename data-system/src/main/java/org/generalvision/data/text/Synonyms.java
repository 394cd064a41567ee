package org.generalvision.data.text;

import java.util.List;

/** Words that may stand for another, for example the names of one node of a label system. */
@FunctionalInterface
public interface Synonyms {
    /** No label system is at hand: synonym replacement is then never drawn. */
    Synonyms NONE = word -> List.of();

    /** Words that mean the same as a lower-case word, without the word itself; empty if none are known. */
    List<String> of(String word);

    /**
     * Whether the words of captions in a language may be replaced.
     *
     * @param captionLanguage BCP 47, such as {@code en} or {@code pt-BR}
     */
    default boolean speak(String captionLanguage) {
        return true;
    }
}

package org.generalvision.data.label;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.generalvision.data.text.Synonyms;

/**
 * The other names of the concept that a word means most often, in one language. Names of several words count: they stand for
 * the word as they are.
 *
 * @param labels the label system
 * @param language of the captions (BCP 47)
 */
public record ConceptSynonyms(LabelSystem labels, String language) implements Synonyms {
    public ConceptSynonyms {
        if (!labels.languages().contains(language)) {
            throw new IllegalArgumentException(
                    "the label system has no names in %s, only in %s".formatted(language, labels.languages()));
        }
    }

    /** French "chat" is no conversation. Regions do not matter, and what nobody says is taken for this language. */
    @Override
    public boolean speak(String captionLanguage) {
        String primary = primary(captionLanguage);
        return primary.isEmpty() || primary.equals(primary(language));
    }

    /** The language without region and script; empty for undetermined ones. */
    private static String primary(String tag) {
        return Locale.forLanguageTag(tag.replace('_', '-')).getLanguage();
    }

    @Override
    public List<String> of(String word) {
        int[] senses = labels.senses(word);
        if (senses.length == 0) {
            return List.of();
        }
        byte[] key = NameKey.of(word);
        return labels.columns().names().of(senses[0], labels.languages().indexOf(language)).stream()
                .filter(name -> !Arrays.equals(NameKey.of(name), key))
                .toList();
    }
}

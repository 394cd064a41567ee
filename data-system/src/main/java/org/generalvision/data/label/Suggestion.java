package org.generalvision.data.label;

/**
 * A concept that a label may mean.
 *
 * @param concept its id
 * @param name the name of the concept that is most like the label
 * @param score how alike they are: the cosine of their embeddings, to four decimals
 */
public record Suggestion(String concept, String name, double score) {}

package org.generalvision.data.curate;

/**
 * A yes/no question about one example, for a person or a model.
 *
 * @param question its id, to be named in answers
 * @param round of the selection
 * @param index of the example in the shards
 * @param id of the example
 * @param label asked about
 * @param text the question in words
 * @param uncertainty of the model about the example, from 0 to 1
 * @param balance from 0 to 1: how rare the label is among what is labelled and asked already
 */
public record Question(
        String question,
        int round,
        long index,
        String id,
        String label,
        String text,
        double uncertainty,
        double balance) {}

package org.generalvision.search;

/** Who watches a search. Called by the search, on its thread. */
public interface SearchWatch {
    /**
     * One way of searching begins.
     *
     * @param name such as {@code ppo-1}
     * @param trials how many it will make
     */
    default void begin(String name, int trials) {}

    /** A trial has been made, and is in the journal. */
    default void trial(Trial trial) {}

    /** A trial of a former run of this search was in the journal already; told of all after the beginning. */
    default void restored(Trial trial) {}

    /** Something else of interest happened. */
    default void note(String message) {}

    /** Nobody watches. */
    static SearchWatch none() {
        return new SearchWatch() {};
    }
}

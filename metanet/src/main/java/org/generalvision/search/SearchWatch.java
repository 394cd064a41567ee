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

    /** A trial is in the journal. */
    default void trial(Trial trial) {}

    /** Something else of interest happened. */
    default void note(String message) {}

    /** Nobody watches. */
    static SearchWatch none() {
        return new SearchWatch() {};
    }
}

package org.generalvision.train;

/**
 * Asks a run to save a checkpoint after the present step and to return. It may be raised by any thread, at any time; who
 * raises it is told whether a run is there to notice, since before and after its steps a run has nothing to save.
 */
public final class StopRequest {
    private boolean requested;
    private boolean watched;

    /**
     * Raises the request.
     *
     * @return whether a run is taking steps, and will save and return
     */
    public synchronized boolean request() {
        requested = true;
        return watched;
    }

    /** Whether the request has been raised. */
    public synchronized boolean requested() {
        return requested;
    }

    /** Called by a run, or by who watches over runs of other processes, when the first step begins and when all have returned. */
    public synchronized void watch(boolean steps) {
        watched = steps;
    }
}

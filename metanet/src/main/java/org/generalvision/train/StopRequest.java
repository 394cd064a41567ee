package org.generalvision.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Asks a run to save a checkpoint after the present step and to return. One made by {@link #onShutdown} is raised by Ctrl-C
 * and SIGTERM and holds the end of the process back until it is closed, so whoever owns it closes it when all is saved and
 * said. The exit status after a signal is the system's (128 + signal) unless the owner calls {@code Runtime.halt}.
 */
public final class StopRequest implements AutoCloseable {
    private static final long MAX_WAIT_MINUTES = 10;

    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread hook;
    private volatile boolean requested;

    /** A request that is raised by {@link #request} alone. */
    public StopRequest() {}

    /** A request that is raised when the process is asked to end. */
    public static StopRequest onShutdown() {
        StopRequest stop = new StopRequest();
        Thread hook = new Thread(stop::requestAndWait, "stop-request");
        stop.hook = hook;
        Runtime.getRuntime().addShutdownHook(hook);
        return stop;
    }

    private void requestAndWait() {
        request();
        try {
            if (!closed.await(MAX_WAIT_MINUTES, TimeUnit.MINUTES)) {
                LoggerFactory.getLogger(StopRequest.class).warn("The run did not stop in {} minutes", MAX_WAIT_MINUTES);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Raises the request; may be called from any thread. */
    public void request() {
        requested = true;
    }

    public boolean requested() {
        return requested;
    }

    /** Lets the process end. */
    @Override
    public void close() {
        closed.countDown();
        if (hook != null && !requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending already; the hook has just been let go.
                LoggerFactory.getLogger(StopRequest.class).debug("Closed during shutdown", e);
            }
        }
    }
}

package org.generalvision.metanet.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.generalvision.train.StopRequest;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C, SIGTERM and a closed terminal do while a command trains: the first asks the run to save a checkpoint and to
 * return; the second ends the process at once, and so does the first when no run is there to notice. In every case the exit
 * status is the usual one, 128 + number. A signal that was ignored from the start, as under {@code nohup}, stays ignored.
 */
public final class StopSignals implements AutoCloseable {
    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int SIGNALED = 128;

    private final StopRequest request = new StopRequest();
    private final Map<String, @Nullable Object> before = new LinkedHashMap<>();
    private int received;

    private StopSignals() {}

    /** Listens from now on; what a signal does is said on standard error. */
    public static StopSignals listen() {
        StopSignals signals = new StopSignals();
        NUMBERS.forEach((name, number) ->
                signals.before.put(name, Signals.register(name, () -> signals.receive(SIGNALED + number))));
        return signals;
    }

    private void receive(int status) {
        synchronized (this) {
            if (received != 0) {
                Runtime.getRuntime().halt(status);
            }
            received = status;
        }
        if (request.request()) {
            System.err.println(
                    System.lineSeparator() + "gv: saving a checkpoint after this step; once more ends at once");
        } else {
            System.exit(status);
        }
    }

    /** What the signals raise. */
    public StopRequest request() {
        return request;
    }

    /** 128 + number of the signal that was received, or 0. */
    public synchronized int exitStatus() {
        return received;
    }

    /** Gives the signals back to those who had them before. */
    @Override
    public void close() {
        before.forEach((name, handler) -> {
            if (handler != null) {
                Signals.unregister(name, handler);
            }
        });
    }
}

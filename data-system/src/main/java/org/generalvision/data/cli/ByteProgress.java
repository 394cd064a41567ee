package org.generalvision.data.cli;

/** Progress of a transfer in mebibytes, told by several threads. */
final class ByteProgress implements AutoCloseable {
    private static final int MEBI = 20;

    private final ProgressReport report;
    private long bytes;

    /** Begins a report on the transfer of so many bytes. */
    ByteProgress(String task, long total) {
        report = ProgressReport.start(task, (total >> MEBI) + 1, "MiB");
    }

    synchronized void add(long count) {
        long before = bytes >> MEBI;
        bytes += count;
        for (long i = before; i < bytes >> MEBI; i++) {
            report.step();
        }
    }

    /** The last mebibyte, which is never a whole one, is there when all is done. */
    synchronized void finish() {
        report.step();
    }

    @Override
    public synchronized void close() {
        report.close();
    }
}

package org.generalvision.data.curate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The parts of a curation step that grow with the data: looking at every example, and finding those of which the same was found.
 * What a step decides is the same whoever does them.
 */
public interface CurationEngine {
    /**
     * Looks at every example that is left.
     *
     * @param sink receives what was found, in the order of the examples
     */
    void scan(CurationStep step, Look look, Scan.Sink<byte[]> sink);

    /**
     * Finds examples whose finds begin with the same {@value Twins#PREFIX} bytes. Of those the one with the least find stays, of equal
     * ones the first. An empty find is like no other.
     *
     * @param look whose finds have {@value Twins#FIND} bytes, or none
     * @param progress runs once for each example
     * @param sink receives each one that does not stay with the one that does, in the order of the examples
     */
    void twins(CurationStep step, Look look, Runnable progress, Twins.Sink sink);

    /** All threads of this process, and its disk for sorting. */
    static CurationEngine oneProcess() {
        return new OneProcess();
    }

    /** The engine that needs nothing else. */
    final class OneProcess implements CurationEngine {
        private OneProcess() {}

        @Override
        public void scan(CurationStep step, Look look, Scan.Sink<byte[]> sink) {
            new Scan<>(step.source(), Scan.threads(), look::worker).run(sink);
        }

        @Override
        public void twins(CurationStep step, Look look, Runnable progress, Twins.Sink sink) {
            RecordSorter records = sorter(step, "finds", Twins.RECORD);
            scan(step, look, (index, find) -> {
                if (find.length > 0) {
                    records.add(Twins.record(find, index));
                }
                progress.run();
            });
            RecordSorter pairs = sorter(step, "twins", Twins.PAIR);
            Twins twins = new Twins();
            records.drain(record -> twins.next(record).ifPresent(pairs::add));
            pairs.drain(pair -> Twins.read(pair, sink));
        }

        private static RecordSorter sorter(CurationStep step, String name, int width) {
            try {
                Path folder = Files.createDirectory(step.work().resolve(name));
                return new RecordSorter(folder, width, RecordSorter.RUN_RECORDS);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot make a folder in " + step.work(), e);
            }
        }
    }
}

package org.generalvision.data.curate;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.generalvision.data.store.Location;
import org.generalvision.data.store.S3Location;
import org.generalvision.data.store.S3Store;
import org.jspecify.annotations.Nullable;

/**
 * The removal lists of a directory, wherever it lies: those in a bucket are copied, because they are small and can change.
 *
 * @param steps of the directory
 * @param copy folder that goes with them, if any
 */
record StepLists(CurationSteps steps, @Nullable Path copy) implements AutoCloseable {
    static StepLists of(Location directory) {
        if (!(directory instanceof S3Location bucket)) {
            return new StepLists(new CurationSteps(directory.requireLocal()), null);
        }
        try (S3Store store = S3Store.open(bucket)) {
            return copied(store);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot copy the curation steps of %s (%s)".formatted(directory, e.getMessage()), e);
        }
    }

    private static StepLists copied(S3Store store) throws IOException {
        Path copy = Files.createTempDirectory("gv-curation");
        StepLists lists = new StepLists(new CurationSteps(copy), copy);
        boolean whole = false;
        try {
            Files.createDirectory(lists.steps().folder());
            for (S3Store.Listed listed : store.list(CurationSteps.FOLDER + "/")) {
                if (CurationSteps.isList(listed.file())) {
                    Path file = Files.createFile(copy.resolve(listed.file()));
                    store.download(listed.file(), listed.bytes(), file);
                }
            }
            whole = true;
            return lists;
        } finally {
            if (!whole) {
                lists.close();
            }
        }
    }

    @Override
    public void close() {
        if (copy != null) {
            try {
                MoreFiles.deleteRecursively(copy, RecursiveDeleteOption.ALLOW_INSECURE);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove " + copy, e);
            }
        }
    }
}

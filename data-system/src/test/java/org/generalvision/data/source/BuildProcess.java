package org.generalvision.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A build in a process of its own: arguments are the directory, the items, and the item at which it waits to be killed. */
final class BuildProcess {
    private BuildProcess() {}

    public static void main(String[] arguments) {
        int waiting = Integer.parseInt(arguments[2]);
        MadeUpCollection source = new MadeUpCollection(Integer.parseInt(arguments[1]), item -> {
            if (item == waiting) {
                System.out.println("waiting");
                waitForEver();
            }
        });
        new ShardBuild(source, Path.of(arguments[0]), 100_000).run(() -> {});
    }

    private static void waitForEver() {
        try {
            System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.generalvision.data.store;

import com.google.common.hash.Hashing;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;

/** A process that holds a file of a cache until it is killed. */
final class CacheProcess {
    /** Bytes of a file that tests keep. */
    static final int SIZE = 1000;

    private CacheProcess() {}

    static CachedFile file(int number) {
        return new CachedFile(sha256(number), SIZE, "origin of " + number);
    }

    static byte[] bytes(int number) {
        byte[] bytes = new byte[SIZE];
        new SplittableRandom(number).nextBytes(bytes);
        return bytes;
    }

    static String sha256(int number) {
        return Hashing.sha256().hashBytes(bytes(number)).toString();
    }

    static Process start(Path folder, long maxBytes, int number) throws IOException, URISyntaxException {
        List<String> path = new ArrayList<>();
        for (Class<?> type : List.of(CacheProcess.class, FileCache.class, Hashing.class, GuardedBy.class)) {
            path.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        String.join(File.pathSeparator, path),
                        CacheProcess.class.getName(),
                        folder.toString(),
                        Long.toString(maxBytes),
                        Integer.toString(number))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) throws InterruptedException {
        FileCache cache = FileCache.open(Path.of(arguments[0]), Long.parseLong(arguments[1]));
        int number = Integer.parseInt(arguments[2]);
        try (FileCache.Lease lease = cache.lease(file(number), to -> Files.write(to, bytes(number)))) {
            System.out.println(lease.file().toFile().exists() ? "holds" : "lacks");
            new CountDownLatch(1).await();
        }
    }
}

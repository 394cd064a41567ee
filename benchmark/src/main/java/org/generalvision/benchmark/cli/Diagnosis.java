package org.generalvision.benchmark.cli;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Utils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * One thing about the machine.
 *
 * @param name of the thing, one word
 * @param ok whether work is possible with it
 * @param found what is there
 * @param remedy how to mend it; empty if it is fine
 */
record Diagnosis(String name, boolean ok, String found, String remedy) {
    private static final int JAVA = 17;
    private static final long MIB = 1L << 20;
    private static final long LEAST_HEAP = 700 * MIB;
    private static final long LEAST_MEMORY = 3 * 1024 * MIB;
    /** What a desk recipe takes outside of the heap. */
    private static final long LEAST_OUTSIDE = 1024 * MIB;

    private static final long LEAST_CACHE = 1024 * MIB;
    private static final long LEAST_DISK = 1024 * MIB;

    /** Examines this process and machine. */
    static List<Diagnosis> all() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        List<Diagnosis> checks = new ArrayList<>();
        checks.add(java(Runtime.version().feature(), System.getProperty("java.home")));
        checks.add(modules(ByteBuffer.class.getModule().isOpen("java.nio", Diagnosis.class.getModule())));
        checks.add(heap(Runtime.getRuntime().maxMemory()));
        checks.add(memory(system.getTotalMemorySize(), Runtime.getRuntime().maxMemory()));
        checks.add(cache(Utils.getEngineCacheDir()));
        checks.add(disk(Path.of("").toAbsolutePath()));
        Diagnosis engine = engine();
        checks.add(engine);
        checks.add(threads(Runtime.getRuntime().availableProcessors(), engine.ok()));
        checks.add(devices(engine.ok()));
        return checks;
    }

    static Diagnosis java(int feature, String home) {
        return of(
                "java",
                feature >= JAVA,
                "Java " + feature + " in " + home,
                "install a JDK " + JAVA + " or newer, or set JAVA_HOME to one");
    }

    static Diagnosis modules(boolean open) {
        return of(
                "modules",
                open,
                open ? "java.nio is open to Arrow" : "java.nio is closed to Arrow",
                "start through ./gv, or add --add-opens=java.base/java.nio=ALL-UNNAMED to java's options");
    }

    static Diagnosis heap(long bytes) {
        return of(
                "heap",
                bytes >= LEAST_HEAP,
                "Java may take " + mebibytes(bytes),
                "too little memory for Java: set GV_HEAP to at least 1g, for example GV_HEAP=2g");
    }

    /**
     * Whether the Java heap and the tensors beside it fit.
     *
     * @param bytes of the machine, or of the container (its control group) if that has less
     * @param heap largest Java heap
     */
    static Diagnosis memory(long bytes, long heap) {
        long fits = Math.max(LEAST_HEAP, bytes - LEAST_OUTSIDE);
        String remedy = bytes < LEAST_MEMORY
                ? "too little memory: give the machine or container at least " + mebibytes(LEAST_MEMORY)
                : "too little memory beside the Java heap of " + mebibytes(heap) + ": set GV_HEAP to " + fits / MIB
                        + "m or less, or give the machine or container more";
        return of(
                "memory",
                bytes >= LEAST_MEMORY && heap <= fits,
                "the machine (or its container) has " + mebibytes(bytes),
                remedy);
    }

    /** Where native libraries are unpacked. */
    static Diagnosis cache(Path folder) {
        String remedy =
                "make it writable with " + mebibytes(LEAST_CACHE) + " free, or set GV_CACHE to a folder that is";
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "gv-doctor", ".tmp"));
            long free = Files.getFileStore(folder).getUsableSpace();
            boolean unpacked = Files.isDirectory(folder.resolve("pytorch"));
            return of(
                    "cache",
                    unpacked || free >= LEAST_CACHE,
                    folder + (unpacked ? " holds the native libraries" : " is writable, " + mebibytes(free) + " free"),
                    remedy);
        } catch (IOException e) {
            return of("cache", false, folder + " is not writable: " + e, remedy);
        }
    }

    static Diagnosis disk(Path folder) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            boolean writable = Files.isWritable(folder);
            return of(
                    "disk",
                    free >= LEAST_DISK && writable,
                    mebibytes(free) + " free in " + folder + (writable ? "" : ", which is not writable"),
                    "free at least " + mebibytes(LEAST_DISK) + " or work in another folder (--run-dir, --out)");
        } catch (IOException e) {
            return of("disk", false, "cannot examine " + folder + ": " + e, "work in another folder");
        }
    }

    /** Starts the engine and multiplies two matrices. */
    private static Diagnosis engine() {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray product = manager.ones(new Shape(3, 4)).matMul(manager.ones(new Shape(4, 5)));
            Engine engine = Engine.getInstance();
            return of(
                    "engine",
                    product.sum().getFloat() == 60,
                    engine.getEngineName() + " " + engine.getVersion(),
                    "the engine computes wrongly: report this machine");
        } catch (RuntimeException | LinkageError e) {
            LoggerFactory.getLogger(Diagnosis.class).debug("The engine does not start", e);
            return of(
                    "engine",
                    false,
                    "the tensor engine does not start: " + e,
                    "build again on this machine (mvn clean package), or set GV_CACHE to a folder with 1 GB free;"
                            + " GV_LOG=debug shows the cause");
        }
    }

    private static Diagnosis threads(int processors, boolean engineStarts) {
        String ofEngine = engineStarts
                ? ", " + System.getProperty("ai.djl.pytorch.num_threads", "one per core") + " for the engine"
                : "";
        return of("threads", true, processors + " processors" + ofEngine, "");
    }

    /** No GPU is fine. */
    private static Diagnosis devices(boolean engineStarts) {
        int gpus = engineStarts ? Engine.getInstance().getGpuCount() : 0;
        return of("devices", true, gpus == 0 ? "cpu" : "cpu and " + gpus + " GPU(s)", "");
    }

    private static Diagnosis of(String name, boolean ok, String found, String remedy) {
        return new Diagnosis(name, ok, found, ok ? "" : remedy);
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes / MIB);
    }
}

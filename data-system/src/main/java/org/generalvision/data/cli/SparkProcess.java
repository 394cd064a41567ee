package org.generalvision.data.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command in a Java of its own with Spark on its class path, which the other commands have not.
 *
 * @param home folder with {@code jars}, as the Maven profile {@code spark} makes it
 */
record SparkProcess(Path home) {
    private static final String MAIN = "org.generalvision.data.spark.cli.SparkMain";
    private static final String REMEDY =
            "make it once with: mvn -q -Pspark -pl data-system -DskipTests package, or set GV_SPARK to a folder that it made";

    /** What Spark's own launcher opens to it. */
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.base/sun.nio.cs",
            "java.base/sun.security.action",
            "java.base/sun.util.calendar",
            "java.security.jgss/sun.security.krb5");

    /**
     * Finds what the profile made: in GV_SPARK, or below the folder that the launcher lies in.
     *
     * @throws IllegalArgumentException if it is not there
     */
    static SparkProcess find(Map<String, String> environment) {
        String named = environment.get("GV_SPARK");
        String launcher = System.getProperty("gv.home");
        Path home = named != null
                ? Path.of(named)
                : Path.of(Objects.requireNonNullElse(launcher, "")).resolve("data-system/target/spark");
        if (!hasJars(home.resolve("jars"))) {
            throw new IllegalArgumentException(
                    "--engine spark needs a build with Spark, which is not in %s: %s".formatted(home, REMEDY));
        }
        return new SparkProcess(home.toAbsolutePath());
    }

    private static boolean hasJars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<String> names =
                    files.map(file -> String.valueOf(file.getFileName())).toList();
            return names.stream().anyMatch(name -> name.startsWith("spark-core_"))
                    && names.stream().anyMatch(name -> name.startsWith("data-system-") && name.endsWith("-spark.jar"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
    }

    /**
     * Runs a command with the streams of this process.
     *
     * @param arguments of {@code gv data}
     * @param master of Spark, or null
     * @return its exit status
     */
    int run(List<String> arguments, @Nullable String master) {
        try {
            Process process = builder(arguments, master).inheritIO().start();
            Thread stop = new Thread(process::destroy, "stop-spark");
            Runtime.getRuntime().addShutdownHook(stop);
            int status = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(stop);
            return status;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start Java for Spark", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Spark was at work", e);
        }
    }

    /** The process, not yet started. */
    ProcessBuilder builder(List<String> arguments, @Nullable String master) {
        ProcessBuilder builder = new ProcessBuilder(command(arguments, master));
        // Where local clusters find the class path of their executors.
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        return builder;
    }

    private List<String> command(List<String> arguments, @Nullable String master) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        OPENED.forEach(module -> command.add("--add-opens=" + module + "=ALL-UNNAMED"));
        command.add(String.format(Locale.ROOT, "-Xmx%dm", Runtime.getRuntime().maxMemory() >> 20));
        for (String property :
                List.of("java.io.tmpdir", "java.awt.headless", "gv.terminal", "org.bytedeco.javacpp.cachedir")) {
            String value = System.getProperty(property);
            if (value != null) {
                command.add("-D" + property + "=" + value);
            }
        }
        command.add("-Dlog4j2.configurationFile=classpath:org/generalvision/data/spark/log4j2.properties");
        if (master != null) {
            command.add("-Dspark.master=" + master);
        }
        command.add("-cp");
        command.add(home.resolve("jars") + File.separator + "*");
        command.add(MAIN);
        command.addAll(arguments);
        return command;
    }
}

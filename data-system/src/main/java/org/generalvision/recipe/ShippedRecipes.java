package org.generalvision.recipe;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The recipes in the folder {@code recipes} of every jar and directory of the class path. */
final class ShippedRecipes {
    private static final String FOLDER = "recipes/";
    private static final String EXTENSION = ".yaml";
    private static final ClassLoader LOADER = ShippedRecipes.class.getClassLoader();

    private final List<String> names;

    private ShippedRecipes(List<String> names) {
        this.names = names;
    }

    static ShippedRecipes onClassPath() {
        List<String> names = new ArrayList<>();
        try {
            for (URL root : Collections.list(LOADER.getResources(FOLDER))) {
                files(root).stream()
                        .filter(file -> file.endsWith(EXTENSION))
                        .map(file -> file.substring(0, file.length() - EXTENSION.length()))
                        .forEach(names::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the shipped recipes", e);
        }
        return new ShippedRecipes(names.stream().distinct().sorted().toList());
    }

    private static List<String> files(URL root) throws IOException {
        URLConnection connection = root.openConnection();
        if (connection instanceof JarURLConnection jar) {
            // The class loader's own copy of the jar is open already; it is not ours to close.
            JarFile file = jar.getJarFile();
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(FOLDER))
                    .map(name -> name.substring(FOLDER.length()))
                    .toList();
        }
        try (Stream<Path> files = Files.list(Path.of(URI.create(root.toString())))) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    /** Names, sorted. */
    List<String> names() {
        return names;
    }

    static InputStream open(String name) throws IOException {
        InputStream in = LOADER.getResourceAsStream(FOLDER + name + EXTENSION);
        if (in == null) {
            throw new FileNotFoundException(FOLDER + name + EXTENSION);
        }
        return in;
    }
}

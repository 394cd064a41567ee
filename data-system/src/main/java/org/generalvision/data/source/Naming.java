package org.generalvision.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleBuilder;
import org.generalvision.data.example.Fault;

/**
 * What the files of a collection do not say.
 *
 * @param source name of the collection
 * @param licence SPDX identifier of its licence, {@value #NO_ASSERTION} if nobody says
 * @param classes class names by number; empty if the numbers are the names
 */
public record Naming(String source, String licence, List<String> classes) {
    /** SPDX: nobody has said what the licence is. */
    public static final String NO_ASSERTION = "NOASSERTION";

    public Naming {
        if (source.isBlank() || licence.isBlank()) {
            throw new IllegalArgumentException(
                    "source and licence must not be blank: a record says where it comes from");
        }
        classes = List.copyOf(classes);
    }

    /** The same with the licence of one record. */
    Naming withLicence(String other) {
        return new Naming(source, other, classes);
    }

    /** An example of this collection, of which nothing more is known yet. */
    ExampleBuilder example(String id, ByteBuffer image) {
        return Example.builder(id, image, source, licence);
    }

    /**
     * The name of a class.
     *
     * @throws IllegalArgumentException if there is none of this number
     */
    String className(long number) {
        if (number < 0 || (number >= classes.size() && !classes.isEmpty())) {
            throw new FaultyItemException(
                    Fault.UNKNOWN_CLASS,
                    "class %d is out of range: there are %s class names"
                            .formatted(number, classes.isEmpty() ? "no negative" : classes.size()));
        }
        return classes.isEmpty() ? Long.toString(number) : classes.get((int) number);
    }

    /** The name of a class that is stated as a number or as the name itself. */
    String className(String stated) {
        String text = stated.strip();
        if (text.isEmpty()) {
            throw new FaultyItemException(Fault.UNKNOWN_CLASS, "the class is blank");
        }
        if (!text.matches("-?[0-9]{1,18}")) {
            return text;
        }
        return className(Long.parseLong(text));
    }

    /** Class names from a file with one per line. */
    public static List<String> readClasses(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (MalformedInputException e) {
            throw new IllegalArgumentException("The class names in " + file + " are not text in UTF-8: convert it", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the class names in " + file, e);
        }
    }
}

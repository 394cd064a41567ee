package org.generalvision.data.cli;

import java.nio.file.Path;
import org.generalvision.data.store.Location;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a file or directory that is to be written, on this machine, and refuses one that cannot be, before any work. */
final class OutputConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            Path path = Location.parse(text).requireLocal();
            OutputPath.requireWritable(path);
            return path;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import org.generalvision.data.store.Location;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a directory that is made or changed, hence lies on this machine, and refuses one in a bucket with what to do instead. */
final class LocalConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            return Location.parse(text).requireLocal();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

package org.generalvision.data.cli;

import org.generalvision.data.store.Location;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a directory of shards on the command line. A message never repeats a location, which may hold what is secret. */
final class LocationConverter implements ITypeConverter<Location> {
    @Override
    public Location convert(String text) {
        try {
            return Location.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}

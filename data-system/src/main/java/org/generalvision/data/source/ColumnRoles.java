package org.generalvision.data.source;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a table says what. Columns that nobody names are found by the names that are in use for them.
 *
 * @param named column by role; the others are found
 */
public record ColumnRoles(Map<Role, String> named) {
    /** All columns are found by their names. */
    public static final ColumnRoles FOUND = new ColumnRoles(Map.of());

    public ColumnRoles {
        named = Map.copyOf(named);
    }

    /** What a column says, with the names that it is found by, the likeliest first. */
    public enum Role {
        /** Encoded bytes, or the path of a file. */
        IMAGE(
                "image",
                "jpg",
                "jpeg",
                "png",
                "webp",
                "img",
                "bytes",
                "filepath",
                "file_path",
                "path",
                "file_name",
                "file"),
        CAPTION("caption", "captions", "text", "txt", "title", "sentence"),
        LABEL("label", "labels", "cls", "class", "class_name", "category"),
        LANGUAGE("language", "lang"),
        LICENCE("licence", "license"),
        ID("id", "key", "__key__", "uid");

        private final ImmutableList<String> names;

        Role(String... names) {
            this.names = ImmutableList.copyOf(names);
        }

        /** The name as users write it. */
        String lowerName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Roles in writing.
     *
     * @param text such as {@code image=file,caption=alt}; blank if all columns are to be found
     */
    public static ColumnRoles parse(String text) {
        Map<Role, String> named = new EnumMap<>(Role.class);
        for (String part : text.isBlank() ? List.<String>of() : List.of(text.split(",", -1))) {
            String[] pair = part.split("=", 2);
            Role role = pair.length == 2 ? role(pair[0].strip()) : null;
            if (role == null || named.put(role, pair[1].strip()) != null) {
                throw new IllegalArgumentException(
                        "'%s' does not name a column: write image=COLUMN, caption=, label=, language=, licence= or id=, each once, with commas between"
                                .formatted(part));
            }
        }
        return new ColumnRoles(named);
    }

    private static @Nullable Role role(String name) {
        for (Role role : Role.values()) {
            if (role.lowerName().equals(name)) {
                return role;
            }
        }
        return null;
    }

    /**
     * Finds the columns of a table.
     *
     * @param columns names of all its columns
     * @param origin what messages call the table
     * @return column by role; a role that no column has is absent
     * @throws IllegalArgumentException if a named column is missing, or no column has images
     */
    Map<Role, String> in(List<String> columns, String origin) {
        Map<Role, String> found = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            String column = named.get(role);
            if (column != null && !columns.contains(column)) {
                throw new IllegalArgumentException("%s has no column %s; it has %s".formatted(origin, column, columns));
            }
            if (column == null) {
                column = find(role, columns);
            }
            if (column != null) {
                found.put(role, column);
            }
        }
        if (!found.containsKey(Role.IMAGE)) {
            throw new IllegalArgumentException("No column of %s is known to hold images: %s; name it with image=COLUMN"
                    .formatted(origin, columns));
        }
        return found;
    }

    private static @Nullable String find(Role role, List<String> columns) {
        List<String> lower = new ArrayList<>();
        columns.forEach(column -> lower.add(column.strip().toLowerCase(Locale.ROOT)));
        for (String name : role.names) {
            if (lower.contains(name)) {
                return columns.get(lower.indexOf(name));
            }
        }
        return null;
    }
}

package org.generalvision.recipe;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One run's settings: a whole YAML file, with the command line's overrides applied.
 *
 * <p>A recipe is typed by {@link #as}: every key of the record must be written in the file and every key of the file must be
 * in the record. A sealed type is chosen by the key {@code kind}, which holds the record's name in lower case with
 * hyphens; enums are written the same way; a record with a public static {@code
 * parse(String)} is written as that text; null is possible only where a component is {@code @Nullable} or an {@code
 * Optional}. Whatever is wrong is an {@link IllegalArgumentException} that names file, line, key and rule.
 */
public final class Recipe {
    private static final String EXTENSION = ".yaml";

    /** Where runs lie by default. */
    private static final String RUNS = "runs/";

    private final String name;
    private final Tree tree;

    private Recipe(String name, Tree tree) {
        this.name = name;
        this.tree = tree;
    }

    /**
     * Reads a recipe.
     *
     * @param nameOrPath a file, or the name of a shipped recipe such as {@code amateur-desk}
     * @throws IllegalArgumentException if there is no such recipe, or it is not YAML within the bounds for a recipe
     */
    public static Recipe load(String nameOrPath) {
        Path file = Path.of(nameOrPath);
        if (Files.isRegularFile(file)) {
            return of(baseName(file), nameOrPath, file);
        }
        ShippedRecipes shipped = ShippedRecipes.onClassPath();
        if (shipped.names().contains(nameOrPath)) {
            return shipped(nameOrPath);
        }
        throw new IllegalArgumentException("There is no recipe %s, neither a file nor a shipped one%s"
                .formatted(nameOrPath, Spelling.suggestion(nameOrPath, shipped.names())));
    }

    /** A recipe that comes with the project, whatever files there are of its name. */
    public static Recipe shipped(String name) {
        try (InputStream in = ShippedRecipes.open(name)) {
            return of(name, name + EXTENSION, decode(name, bounded(in)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the recipe " + name, e);
        }
    }

    /** The names of all shipped recipes, sorted. */
    public static List<String> names() {
        return ShippedRecipes.onClassPath().names();
    }

    /**
     * A recipe from text, for example that of a checkpoint.
     *
     * @param name what the recipe is called
     * @param origin what messages call the text, usually its file
     */
    public static Recipe of(String name, String origin, String yaml) {
        return new Recipe(name, TreeReader.read(origin, yaml));
    }

    private static Recipe of(String name, String origin, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return of(name, origin, decode(origin, bounded(in)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the recipe " + file, e);
        }
    }

    private static byte[] bounded(InputStream in) throws IOException {
        // One byte more than allowed, so that the reader of the text sees that it is too long.
        return ByteStreams.limit(in, 4L * TreeReader.MAX_CHARACTERS + 1).readAllBytes();
    }

    private static String decode(String origin, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(origin + " is not a recipe: it is not text in UTF-8", e);
        }
    }

    private static String baseName(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    }

    /**
     * This recipe with other values.
     *
     * @param overrides each {@code path.to.leaf=value}, where the path must exist, a number in it is the index in a list, and
     *     the value is YAML, such as {@code train.steps=200} or {@code model.channels=[16, 32]}
     */
    public Recipe with(List<String> overrides) {
        Tree changed = tree;
        for (String override : overrides) {
            changed = Assignment.parse(override).in(changed);
        }
        return new Recipe(name, changed);
    }

    /**
     * This recipe for work in another place: every text that begins with {@code runs/}, where recipes look for the data and
     * checkpoints of others, begins with a directory instead.
     */
    public Recipe under(Path directory) {
        return new Recipe(name, moved(tree, directory));
    }

    private static Tree moved(Tree tree, Path directory) {
        if (tree instanceof Tree.Mapping mapping) {
            Map<String, Tree> entries = new LinkedHashMap<>();
            mapping.entries().forEach((key, value) -> entries.put(key, moved(value, directory)));
            return new Tree.Mapping(entries, mapping.place());
        }
        if (tree instanceof Tree.Sequence sequence) {
            return new Tree.Sequence(
                    sequence.items().stream()
                            .map(item -> moved(item, directory))
                            .toList(),
                    sequence.place());
        }
        Tree.Scalar scalar = (Tree.Scalar) tree;
        return scalar.text().startsWith(RUNS)
                ? new Tree.Scalar(
                        directory
                                .resolve(scalar.text().substring(RUNS.length()))
                                .toString(),
                        true,
                        scalar.place())
                : scalar;
    }

    /** The name of the shipped recipe, or the file's name without its extension. */
    public String name() {
        return name;
    }

    /** The recipe with its overrides as YAML, which reads back as the same recipe. */
    public String text() {
        return TreeWriter.write(tree);
    }

    /**
     * What the key {@code kind} says, for those who need not know all kinds.
     *
     * @throws IllegalArgumentException if the recipe has no such key
     */
    public String kind() {
        if (tree instanceof Tree.Mapping mapping && mapping.entries().get(Typed.KIND) instanceof Tree.Scalar kind) {
            return kind.text();
        }
        throw new Typed(tree, "").error("needs the key kind");
    }

    /** The recipe as a record, or as one of the records of a sealed interface. */
    public <T> T as(Class<T> type) {
        Object value = new Typed(tree, "").as(new PlainType(type));
        return type.cast(Objects.requireNonNull(value, "a type without @Nullable is never read as null"));
    }
}

package org.generalvision.data.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.generalvision.data.source.IdxSource;
import org.generalvision.data.source.Naming;
import org.generalvision.data.source.Raster;
import org.generalvision.data.source.SourceConfig;
import org.generalvision.data.source.Split;
import org.generalvision.recipe.Recipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which collection is read, and how. */
final class SourceOptions {
    enum Format {
        folder,
        csv,
        tsv,
        webdataset,
        arrow,
        parquet,
        cifar,
        idx,
        coco,
        lvis,
        objects365,
        voc,
        openimages,
        ade20k,
        openclipart,
        tuxpaint,
        openmoji,
        scenes
    }

    @Option(names = "--from", description = "Format of the source: ${COMPLETION-CANDIDATES}.")
    private @Nullable Format from;

    @Option(
            names = "--source",
            paramLabel = "PATH",
            description =
                    "Where the collection lies: its folder, file, or pattern such as 'train-{0000..0099}.tar'. Scenes:"
                            + " the recipe.")
    private @Nullable Path source;

    @Option(
            names = "--split",
            description = "Part of the collection: train, validation or test. Clip art: by title; scenes: by"
                    + " name of the cut-outs, default the recipe's; others: as their files are divided.")
    private @Nullable Split split;

    @Option(
            names = "--annotations",
            paramLabel = "FILE",
            description =
                    "COCO, LVIS, Objects365, Open Images: annotation files about the same images; may be repeated."
                            + " Folder: list of lines 'path class', split at the last blank.")
    private List<Path> annotations = List.of();

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Folder that the paths in tables and annotation files start from. Default: the collection's"
                    + " own.")
    private @Nullable Path images;

    @Option(
            names = "--columns",
            paramLabel = "ROLE=COLUMN,...",
            description = "Tables: columns whose role their names do not tell. Roles are image, caption, label,"
                    + " language, licence and id.",
            defaultValue = "")
    private String columns = "";

    @Option(names = "--name", description = "Name of the collection, kept with every example. Default: its file's.")
    private @Nullable String name;

    @Option(
            names = "--licence",
            description = "SPDX identifier of the licence, kept with every example that names none itself (default"
                    + " ${DEFAULT-VALUE}: nobody says).",
            defaultValue = Naming.NO_ASSERTION)
    private String licence = Naming.NO_ASSERTION;

    @Option(
            names = "--classes",
            paramLabel = "fashion-mnist|FILE",
            description =
                    "Names of numbered classes: a known list or a file with one per line. Default: the collection's"
                            + " own names, else the numbers.")
    private @Nullable String classes;

    @Option(
            names = "--pixels",
            description = "Clip art: side of the pictures (default ${DEFAULT-VALUE}).",
            defaultValue = "96")
    private int pixels;

    @Option(
            names = "--color-bits",
            description = "Clip art: bits kept of each color, fewer make smaller files (default ${DEFAULT-VALUE}).",
            defaultValue = "8")
    private int colorBits;

    @Option(
            names = "--alpha-bits",
            description = "Clip art: bits kept of opacity, fewer make smaller files (default ${DEFAULT-VALUE}).",
            defaultValue = "8")
    private int alphaBits;

    @Option(
            names = "--fraction",
            description = "IDX: share of each class to take, in (0, 1] (default ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private double fraction;

    @Option(names = "--seed", description = "IDX: seed of the share (default ${DEFAULT-VALUE}).", defaultValue = "0")
    private long seed;

    @Option(
            names = "--cldr",
            paramLabel = "DIR",
            description = "OpenMoji: folder of the npm package cldr-annotations-full, for names in many languages.")
    private @Nullable Path cldr;

    @Option(names = "--skin-tones", description = "OpenMoji: keep the variants of one emoji in several skin tones.")
    private boolean skinTones;

    /** Whether a collection is named at all; a recipe names its own. */
    boolean areGiven() {
        return from != null || source != null;
    }

    /**
     * The collection.
     *
     * @throws IllegalArgumentException if an option is missing
     */
    SourceConfig config() {
        return config(split);
    }

    /** The collection, but of another split. */
    SourceConfig config(@Nullable Split part) {
        if (from == null || source == null) {
            throw new IllegalArgumentException("--from and --source go together: which format, and where it lies");
        }
        Path path = source;
        return switch (from) {
            case scenes ->
                throw new IllegalArgumentException(
                        "--from scenes is composed while it is built: build it, then name the directory of shards");
            case folder -> new SourceConfig.Folder(path, part, list(), naming(path));
            case csv -> new SourceConfig.Csv(path, images, columns, naming(path));
            case tsv -> new SourceConfig.Tsv(path, images, columns, naming(path));
            case webdataset -> new SourceConfig.Webdataset(path, naming(path));
            case arrow -> new SourceConfig.Arrow(path, images, columns, naming(path));
            case parquet -> new SourceConfig.Parquet(path, images, columns, naming(path));
            case cifar -> new SourceConfig.Cifar(path, required(part), naming(path));
            case idx -> new SourceConfig.Idx(path, required(part), fraction, seed, naming(path));
            case coco -> new SourceConfig.Coco(path, part, annotations, images, naming(path));
            case lvis -> new SourceConfig.Lvis(path, part, annotations, images, naming(path));
            case objects365 -> new SourceConfig.Objects365(path, part, annotations, images, naming(path));
            case voc -> new SourceConfig.Voc(path, part, naming(path));
            case openimages ->
                new SourceConfig.Openimages(path, annotations, Objects.requireNonNullElse(images, path), naming(path));
            case ade20k -> new SourceConfig.Ade20k(path, required(part), naming(path));
            case openclipart -> new SourceConfig.Openclipart(path, part, raster());
            case tuxpaint -> new SourceConfig.Tuxpaint(path, part, raster());
            case openmoji -> new SourceConfig.Openmoji(path, cldr, skinTones, part, raster());
        };
    }

    /** Where the collection lies. */
    Path path() {
        if (source == null) {
            throw new IllegalArgumentException("--from needs --source: where the collection lies");
        }
        return source;
    }

    /** The last name of a path, whatever way it is written. */
    static String lastName(Path path) {
        return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }

    /** Whether the source is no collection but a recipe of composed scenes. */
    boolean areScenes() {
        return from == Format.scenes;
    }

    /** The recipe of the scenes, for the split if one is named. */
    Recipe sceneRecipe() {
        if (source == null) {
            throw new IllegalArgumentException("--from scenes needs --source: the name of a recipe, or a file");
        }
        Recipe recipe = Recipe.load(source.toString());
        return split == null ? recipe : recipe.with(List.of("split=" + split.lowerName()));
    }

    private @Nullable Path list() {
        if (annotations.size() > 1) {
            throw new IllegalArgumentException("--from folder takes one list with --annotations, not " + annotations);
        }
        return annotations.isEmpty() ? null : annotations.get(0);
    }

    private Split required(@Nullable Split part) {
        if (part == null) {
            throw new IllegalArgumentException("--from " + from + " needs --split, which its files do not say");
        }
        return part;
    }

    private Raster raster() {
        return new Raster(pixels, colorBits, alphaBits);
    }

    private Naming naming(Path path) {
        Path file = path.toAbsolutePath().normalize().getFileName();
        String ownName = file == null ? "images" : file.toString();
        return new Naming(Objects.requireNonNullElse(name, ownName), licence, classNames());
    }

    /** What {@code --classes} names; empty without it. */
    List<String> classNames() {
        if (classes == null) {
            return List.of();
        }
        return classes.equals("fashion-mnist") ? IdxSource.FASHION_MNIST : Naming.readClasses(Path.of(classes));
    }
}

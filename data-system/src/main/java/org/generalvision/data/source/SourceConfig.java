package org.generalvision.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which collection is read, and how: what a recipe holds and the options of {@code gv data build} say. */
public sealed interface SourceConfig {
    /**
     * Opens the collection.
     *
     * @throws IllegalArgumentException if it is not there, or not what it should be
     */
    CollectionSource open();

    /**
     * The collection in parts that can be walked apart from each other: files of tables and archives, ranges of a folder, else the whole.
     *
     * @param wanted how many parts, where it can be chosen
     */
    default List<Stretch> stretches(int wanted) {
        return List.of(Stretch.whole(this));
    }

    /**
     * A folder per class, or images named by a list.
     *
     * @param path folder of the class folders, or of the folders {@code train}, {@code val} and {@code test}
     * @param split which of those, or null if there are none
     * @param list file of lines "path class", split at the last blank, paths from the folder; null for a folder per class
     */
    record Folder(
            Path path, @Nullable Split split, @Nullable Path list, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return list == null
                    ? new FolderSource(path, split, naming)
                    : new ListSource(split == null ? path : split.folderIn(path), list, naming);
        }

        @Override
        public List<Stretch> stretches(int wanted) {
            return list == null ? Stretch.even(this, wanted) : List.of(Stretch.whole(this));
        }
    }

    /**
     * A table of images and texts, comma-separated.
     *
     * @param path the file
     * @param images folder from which its paths go; null for the file's own
     * @param columns roles of its columns as {@link ColumnRoles#parse} reads them
     */
    record Csv(Path path, @Nullable Path images, String columns, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new TextTableSource(path, folderOr(images, path), ',', ColumnRoles.parse(columns), naming);
        }
    }

    /** The same, separated by tabs. */
    record Tsv(Path path, @Nullable Path images, String columns, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new TextTableSource(path, folderOr(images, path), '\t', ColumnRoles.parse(columns), naming);
        }
    }

    /**
     * Tar archives as the webdataset library packs them.
     *
     * @param path a file, a folder, or a pattern such as {@code train-{0000..0099}.tar}
     */
    record Webdataset(Path path, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new WebdatasetSource(path, naming);
        }

        @Override
        public List<Stretch> stretches(int wanted) {
            return FilePattern.files(path, WebdatasetSource.ENDINGS).stream()
                    .map(file -> Stretch.whole(new Webdataset(file, naming)))
                    .toList();
        }
    }

    /**
     * Arrow IPC files or streams.
     *
     * @param path a file, a folder, or a pattern
     * @param images folder from which paths in the tables go; null for the tables' own
     * @param columns roles of their columns as {@link ColumnRoles#parse} reads them
     */
    record Arrow(Path path, @Nullable Path images, String columns, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new ArrowTableSource(path, ArrowTable.Format.ARROW, images, ColumnRoles.parse(columns), naming);
        }

        @Override
        public List<Stretch> stretches(int wanted) {
            return FilePattern.files(path, ArrowTableSource.ARROW_ENDINGS).stream()
                    .map(file -> Stretch.whole(new Arrow(file, images, columns, naming)))
                    .toList();
        }
    }

    /** Parquet files, in the same way. */
    record Parquet(Path path, @Nullable Path images, String columns, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new ArrowTableSource(path, ArrowTable.Format.PARQUET, images, ColumnRoles.parse(columns), naming);
        }

        @Override
        public List<Stretch> stretches(int wanted) {
            return FilePattern.files(path, ArrowTableSource.PARQUET_ENDINGS).stream()
                    .map(file -> Stretch.whole(new Parquet(file, images, columns, naming)))
                    .toList();
        }
    }

    /**
     * CIFAR-10 or CIFAR-100, binary edition.
     *
     * @param split train or test
     */
    record Cifar(Path path, Split split, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new CifarSource(path, split, naming);
        }
    }

    /**
     * The MNIST family.
     *
     * @param split train or test
     * @param fraction of each class that is taken, in (0, 1]
     * @param seed of the draw
     */
    record Idx(Path path, Split split, double fraction, long seed, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new IdxSource(path, split, naming, new IdxSource.Sample(fraction, seed));
        }
    }

    /**
     * The Open Clip Art Library.
     *
     * @param path {@code /usr/share/openclipart/svg} in Debian
     * @param split the part to take, by the title; null for all
     */
    record Openclipart(Path path, @Nullable Split split, Raster raster) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new OpenclipartSource(path, split, raster);
        }
    }

    /**
     * COCO: boxes, masks and captions.
     *
     * @param path its folder, or an annotation file
     * @param split of COCO's own tree, whose files are then found; null if the files are named or there is one alone
     * @param annotations files about the same images; empty if they are to be found
     * @param images folder of the images; null if it is to be found
     */
    record Coco(
            Path path,
            @Nullable Split split,
            List<Path> annotations,
            @Nullable Path images,
            Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            CocoLayout layout = CocoLayout.of(path, split, annotations, images);
            return new CocoSource(layout.annotations(), layout.images(), naming);
        }
    }

    /** LVIS, which is COCO's format with absent and not exhaustively annotated categories. */
    record Lvis(
            Path path,
            @Nullable Split split,
            List<Path> annotations,
            @Nullable Path images,
            Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new Coco(path, split, annotations, images, naming).open();
        }
    }

    /** Objects365, whose annotations are in COCO's format. */
    record Objects365(
            Path path,
            @Nullable Split split,
            List<Path> annotations,
            @Nullable Path images,
            Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new Coco(path, split, annotations, images, naming).open();
        }
    }

    /**
     * Pascal VOC.
     *
     * @param path folder with {@code Annotations} and {@code JPEGImages}, such as {@code VOCdevkit/VOC2012}
     * @param split whose list to follow; null for all annotations
     */
    record Voc(Path path, @Nullable Split split, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new VocSource(path, split, naming);
        }
    }

    /**
     * Open Images.
     *
     * @param path folder with {@code class-descriptions-boxable.csv}, or that file
     * @param annotations tables of boxes or verified labels
     * @param images folder of the images
     */
    record Openimages(Path path, List<Path> annotations, Path images, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            Path descriptions = Files.isDirectory(path) ? path.resolve("class-descriptions-boxable.csv") : path;
            return new OpenimagesSource(annotations, descriptions, images, naming);
        }
    }

    /**
     * ADE20K of the scene parsing challenge.
     *
     * @param path {@code ADEChallengeData2016}
     * @param split train or validation
     */
    record Ade20k(Path path, Split split, Naming naming) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new Ade20kSource(path, split, naming);
        }
    }

    /**
     * Tux Paint's stamps.
     *
     * @param path {@code /usr/share/tuxpaint/stamps} in Debian
     * @param split the part to take, by the name of the object; null for all
     */
    record Tuxpaint(Path path, @Nullable Split split, Raster raster) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new TuxpaintSource(path, split, raster);
        }
    }

    /**
     * OpenMoji.
     *
     * @param path folder of the npm package openmoji
     * @param cldr folder of the npm package cldr-annotations-full, which names emojis in many languages, or null
     * @param skinTones whether to keep the variants of one emoji in several skin tones
     * @param split the part to take, by the name of the object; null for all
     */
    record Openmoji(
            Path path,
            @Nullable Path cldr,
            boolean skinTones,
            @Nullable Split split,
            Raster raster) implements SourceConfig {
        @Override
        public CollectionSource open() {
            return new OpenmojiSource(path, cldr, skinTones, split, raster);
        }
    }

    private static Path folderOr(@Nullable Path images, Path table) {
        if (images != null) {
            return images;
        }
        if (!Files.isRegularFile(table)) {
            throw new IllegalArgumentException("No file " + table + ": name the table itself");
        }
        return java.util.Objects.requireNonNullElse(table.toAbsolutePath().getParent(), Path.of(""));
    }
}

package org.generalvision.data.inspect;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Mask;
import org.generalvision.data.source.SeenKeys;

/** What the examples of a directory have in common, counted one by one. */
public final class Statistics {
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final SortedMap<String, Long> annotated = new TreeMap<>();
    private final SortedMap<String, Long> sources = new TreeMap<>();
    private final SortedMap<String, Long> licences = new TreeMap<>();
    private final SortedMap<String, Long> labels = new TreeMap<>();
    private final Distribution labelsPerImage = new Distribution(0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 50);
    private final CaptionCounts captions = new CaptionCounts();
    private final ImageCounts images = new ImageCounts();
    private final BoxCounts boxes = new BoxCounts();
    private final SortedMap<String, Long> maskLabels = new TreeMap<>();
    private long masks;
    private long examples;

    /**
     * All statistics.
     *
     * @param examples how many there are
     * @param annotated examples that have captions, labels, boxes, masks or depth, or are synthetic, by that word
     * @param sources examples by source
     * @param licences examples by licence
     * @param labels examples by label
     * @param labelsPerImage examples by their number of labels
     */
    public record Summary(
            long examples,
            SortedMap<String, Long> annotated,
            SortedMap<String, Long> sources,
            SortedMap<String, Long> licences,
            SortedMap<String, Long> labels,
            Map<String, Long> labelsPerImage,
            Captions captions,
            Images images,
            Boxes boxes,
            Masks masks) {}

    /**
     * Captions of all examples; words are what spaces divide.
     *
     * @param distinct texts, counted by a 64-bit hash
     * @param words captions by their number of words
     * @param languages captions by language
     */
    public record Captions(
            long count,
            long distinct,
            long singleWord,
            double meanWords,
            long maxWords,
            Map<String, Long> words,
            SortedMap<String, Long> languages) {}

    /**
     * Encoded images, by what their headers say.
     *
     * @param unreadable images without a header that can be read
     * @param formats images by format
     * @param transparent images with an alpha channel or a transparent color
     * @param longSide images by the pixels of their longer side
     */
    public record Images(
            long meanBytes,
            long maxBytes,
            long unreadable,
            SortedMap<String, Long> formats,
            long transparent,
            Map<String, Long> longSide) {}

    /**
     * Boxes of all examples.
     *
     * @param crowd boxes that cover a group
     * @param labels boxes by label
     * @param perImage examples with boxes by their number
     * @param size boxes by the square root of their share of the image's area, in percent
     */
    public record Boxes(
            long count,
            long crowd,
            SortedMap<String, Long> labels,
            Map<String, Long> perImage,
            Map<String, Long> size) {}

    /** Masks of all examples, and masks by label. */
    public record Masks(long count, SortedMap<String, Long> labels) {}

    public void add(Example example) {
        examples++;
        sources.merge(example.source(), 1L, Long::sum);
        licences.merge(example.licence(), 1L, Long::sum);
        countIf(!example.captions().isEmpty(), "captions");
        countIf(!example.labels().isEmpty(), "labels");
        countIf(!example.absentLabels().isEmpty(), "absentLabels");
        countIf(!example.boxes().isEmpty(), "boxes");
        countIf(!example.masks().isEmpty(), "masks");
        countIf(example.depth() != null, "depth");
        countIf(example.synthetic(), "synthetic");
        Set<String> distinct = new HashSet<>(example.labels());
        distinct.forEach(label -> labels.merge(label, 1L, Long::sum));
        labelsPerImage.add(distinct.size());
        example.captions().forEach(captions::add);
        images.add(example);
        boxes.add(example, images.last);
        masks += example.masks().size();
        example.masks().stream().map(Mask::label).forEach(label -> maskLabels.merge(label, 1L, Long::sum));
    }

    private void countIf(boolean present, String annotation) {
        if (present) {
            annotated.merge(annotation, 1L, Long::sum);
        }
    }

    public Summary summary() {
        return new Summary(
                examples,
                annotated,
                sources,
                licences,
                labels,
                labelsPerImage.counts(),
                captions.summary(),
                images.summary(examples),
                boxes.summary(),
                new Masks(masks, maskLabels));
    }

    private static final class CaptionCounts {
        private final SortedMap<String, Long> languages = new TreeMap<>();
        private final SeenKeys distinct = new SeenKeys();
        private final Distribution lengths = new Distribution(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50, 100);
        private long count;
        private long singleWord;
        private long words;
        private long maxWords;

        void add(Example.Caption caption) {
            String text = caption.text().strip();
            int length = text.isEmpty() ? 0 : SPACE.split(text).length;
            count++;
            distinct.add(caption.text());
            lengths.add(length);
            words += length;
            singleWord += length == 1 ? 1 : 0;
            maxWords = Math.max(maxWords, length);
            languages.merge(caption.language(), 1L, Long::sum);
        }

        Captions summary() {
            double meanWords = count == 0 ? 0 : (double) words / count;
            return new Captions(count, distinct.size(), singleWord, meanWords, maxWords, lengths.counts(), languages);
        }
    }

    private static final class ImageCounts {
        private final SortedMap<String, Long> formats = new TreeMap<>();
        private final Distribution longSide =
                new Distribution(1, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096);
        private long bytes;
        private long maxBytes;
        private long unreadable;
        private long transparent;
        /** Pixels of the last image, 0 if it cannot be read. */
        private long last;

        void add(Example example) {
            bytes += example.image().remaining();
            maxBytes = Math.max(maxBytes, example.image().remaining());
            last = 0;
            try {
                ImageHeader header = ImageHeader.parse(example.image());
                formats.merge(header.format().name(), 1L, Long::sum);
                transparent += header.transparency() ? 1 : 0;
                longSide.add(Math.max(header.height(), header.width()));
                last = (long) header.height() * header.width();
            } catch (UnreadableSampleException e) {
                unreadable++;
            }
        }

        Images summary(long examples) {
            long meanBytes = examples == 0 ? 0 : bytes / examples;
            return new Images(meanBytes, maxBytes, unreadable, formats, transparent, longSide.counts());
        }
    }

    private static final class BoxCounts {
        private final SortedMap<String, Long> labels = new TreeMap<>();
        private final Distribution perImage = new Distribution(0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 50, 100);
        private final Distribution size = new Distribution(0, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90);
        private long count;
        private long crowd;

        void add(Example example, long imagePixels) {
            List<Example.Box> all = example.boxes();
            if (all.isEmpty()) {
                return;
            }
            perImage.add(all.size());
            for (Example.Box box : all) {
                count++;
                crowd += box.crowd() ? 1 : 0;
                labels.merge(box.label(), 1L, Long::sum);
                if (imagePixels > 0) {
                    double area = (box.x2() - box.x1()) * (box.y2() - box.y1());
                    size.add(100 * Math.sqrt(area / imagePixels));
                }
            }
        }

        Boxes summary() {
            return new Boxes(count, crowd, labels, perImage.counts(), size.counts());
        }
    }
}

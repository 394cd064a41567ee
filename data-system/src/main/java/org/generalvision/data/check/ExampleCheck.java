package org.generalvision.data.check;

import com.google.common.hash.HashCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.generalvision.data.augment.ImageHeader;
import org.generalvision.data.augment.PixelReader;
import org.generalvision.data.augment.UnreadableSampleException;
import org.generalvision.data.curate.Scan;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.Fault;
import org.generalvision.data.example.Mask;
import org.jspecify.annotations.Nullable;

/** Looks for what is wrong with an example by itself. For one thread. */
final class ExampleCheck implements Scan.Worker<ExampleCheck.Judgement> {
    /** Of a SHA-256 in hexadecimal: 128 bits are enough to tell images apart. */
    private static final int HASH_CHARACTERS = 32;

    private final Rules rules;
    private final PixelReader pixels = new PixelReader();

    ExampleCheck(Rules rules) {
        this.rules = rules;
    }

    /**
     * What an example must be.
     *
     * @param decode whether images and depth maps are decoded
     * @param classes labels that there may be; empty for any
     * @param hierarchy of the labels
     */
    record Rules(boolean decode, Set<String> classes, Hierarchy hierarchy) {
        Rules {
            classes = Set.copyOf(classes);
        }
    }

    /**
     * What was found about an example.
     *
     * @param content what stands for the bytes of its image
     * @param labels of the image, without repetitions
     * @param absent whether it says of any label that it is absent
     */
    record Judgement(
            String id, String source, String content, List<String> labels, boolean absent, List<Report.Entry> faults) {}

    /** Faults of one example. */
    static final class Report {
        private final List<Entry> entries = new ArrayList<>();

        record Entry(Fault fault, String detail) {}

        void add(Fault fault, String detail) {
            entries.add(new Entry(fault, detail));
        }
    }

    @Override
    public Judgement apply(Example example) {
        Report report = new Report();
        ImageHeader header = image(example, report);
        if (header != null) {
            boxes(example, header, report);
            masks(example, header, report);
            Example.Depth depth = example.depth();
            if (depth != null) {
                DepthCheck.judge(depth, header, rules.decode(), report);
            }
        }
        captions(example, report);
        labels(example, report);
        return new Judgement(
                example.id(),
                example.source(),
                content(example),
                List.copyOf(new LinkedHashSet<>(example.labels())),
                !example.absentLabels().isEmpty(),
                report.entries);
    }

    /** What stands for the bytes of an example's image; empty if it has none. */
    static String content(Example example) {
        if (!example.image().hasRemaining()) {
            return "";
        }
        HashCode hash = Objects.requireNonNull(
                Objects.requireNonNull(example.withContentHash().hashes()).content());
        return hash.toString().substring(0, HASH_CHARACTERS);
    }

    private @Nullable ImageHeader image(Example example, Report report) {
        if (!example.image().hasRemaining()) {
            report.add(Fault.UNREADABLE_IMAGE, "the image is empty");
            return null;
        }
        try {
            return rules.decode() ? pixels.requireWhole(example.image()) : ImageHeader.parse(example.image());
        } catch (UnreadableSampleException e) {
            report.add(Fault.UNREADABLE_IMAGE, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static void boxes(Example example, ImageHeader image, Report report) {
        for (int i = 0; i < example.boxes().size(); i++) {
            Example.Box box = example.boxes().get(i);
            String name =
                    "box %d '%s' (%s, %s, %s, %s)".formatted(i, box.label(), box.x1(), box.y1(), box.x2(), box.y2());
            if (box.x1() < 0 || box.y1() < 0 || box.x2() > image.width() || box.y2() > image.height()) {
                report.add(
                        Fault.BOX_OUTSIDE,
                        "%s of an image of %d x %d pixels (width x height)"
                                .formatted(name, image.width(), image.height()));
            } else if (box.x2() - box.x1() < 1 || box.y2() - box.y1() < 1) {
                report.add(Fault.BOX_BELOW_A_PIXEL, name);
            }
        }
    }

    private static void masks(Example example, ImageHeader image, Report report) {
        for (int i = 0; i < example.masks().size(); i++) {
            Mask mask = example.masks().get(i);
            String name = "mask %d '%s'".formatted(i, mask.label());
            if (mask.width() != image.width() || mask.height() != image.height()) {
                report.add(
                        Fault.MASK_SIZE,
                        "%s of %d x %d pixels (width x height) for an image of %d x %d"
                                .formatted(name, mask.width(), mask.height(), image.width(), image.height()));
            } else if (mask.area() == 0) {
                report.add(Fault.MASK_EMPTY, name);
            }
            Integer box = mask.box();
            if (box != null && !example.boxes().get(box).label().equals(mask.label())) {
                report.add(
                        Fault.LABEL_CONFLICT,
                        "%s outlines box %d '%s'"
                                .formatted(name, box, example.boxes().get(box).label()));
            }
        }
    }

    private static void captions(Example example, Report report) {
        for (int i = 0; i < example.captions().size(); i++) {
            if (example.captions().get(i).text().isBlank()) {
                report.add(Fault.EMPTY_CAPTION, "caption " + i);
            }
        }
        if (example.captions().isEmpty()
                && example.labels().isEmpty()
                && example.absentLabels().isEmpty()
                && example.boxes().isEmpty()
                && example.masks().isEmpty()
                && example.depth() == null) {
            report.add(Fault.UNANNOTATED, "nothing but an image");
        }
    }

    private void labels(Example example, Report report) {
        Set<String> present = new LinkedHashSet<>(example.labels());
        example.boxes().forEach(box -> present.add(box.label()));
        example.masks().forEach(mask -> present.add(mask.label()));
        for (String label : present) {
            requireKnown(label, report);
            for (String absent : example.absentLabels()) {
                if (label.equals(absent)) {
                    report.add(Fault.LABEL_CONFLICT, "'%s' is both present and absent".formatted(label));
                } else if (rules.hierarchy().isSameOrAbove(absent, label)) {
                    report.add(
                            Fault.ABSENT_ANCESTOR,
                            "'%s' is present, but '%s', which lies above it, is absent".formatted(label, absent));
                }
            }
        }
        new LinkedHashSet<>(example.absentLabels()).forEach(label -> requireKnown(label, report));
    }

    private void requireKnown(String label, Report report) {
        if (label.isBlank()) {
            report.add(Fault.UNKNOWN_CLASS, "a blank label");
        } else if (!rules.classes().isEmpty() && !rules.classes().contains(label)) {
            report.add(
                    Fault.UNKNOWN_CLASS,
                    "'%s' is none of the %d classes"
                            .formatted(label, rules.classes().size()));
        }
    }

    @Override
    public void close() {
        pixels.close();
    }
}

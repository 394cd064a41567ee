package org.generalvision.data.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.inspect.Statistics.Summary;
import org.generalvision.report.Bars;
import org.generalvision.report.Cards;
import org.generalvision.report.Facts;
import org.generalvision.report.Figure;
import org.generalvision.report.Gallery;
import org.generalvision.report.Histogram;
import org.generalvision.report.Page;
import org.generalvision.report.Table;

/** The page that shows a directory of shards to a person: pictures first, then figures about each kind of annotation. */
final class InspectionPage {
    private static final int CARDS = 24;
    private static final int WIDE_CARDS = 12;
    private static final int TOP = 25;
    private static final int LABEL_ROWS = 10;
    private static final int GROUPS = 12;
    private static final int GROUP_PICTURES = 7;
    private static final String GROUPS_TEXT =
            "Among %s images %s look like another one, in %s groups; the largest are shown. Perceptual hashes of"
                    + " neighbors in a group differ in at most 4 of 64 bits. gv data dedupe --by look keeps the best of"
                    + " each group.";

    private final String name;
    private final CuratedSource source;
    private final Summary content;
    private final LabelPicks picks;
    private final LookAlikes lookAlikes;
    private final Pictures pictures;

    InspectionPage(
            String name,
            CuratedSource source,
            Summary content,
            LabelPicks picks,
            LookAlikes lookAlikes,
            Pictures pictures) {
        this.name = name;
        this.source = source;
        this.content = content;
        this.picks = picks;
        this.lookAlikes = lookAlikes;
        this.pictures = pictures;
    }

    Page page() {
        Page page = new Page(name, lead());
        page.section("At a glance", "", facts(), annotated());
        samples(page);
        if (!content.labels().isEmpty()) {
            labels(page);
        }
        if (content.captions().count() > 0) {
            captions(page);
        }
        if (content.boxes().count() + content.masks().count() > 0) {
            boxes(page);
        }
        images(page);
        origins(page);
        lookAlikes(page);
        curation(page);
        return page;
    }

    private String lead() {
        if (content.examples() == 0) {
            return "There is no example in it.";
        }
        return "%s examples from %s. %s %s"
                .formatted(
                        number(content.examples()),
                        content.sources().size() == 1
                                ? content.sources().firstKey()
                                : content.sources().size() + " sources",
                        annotations(),
                        lookAlikes.groups().isEmpty()
                                ? "No two images look the same."
                                : "%s of the images look like another one."
                                        .formatted(share(lookAlikes.inGroups(), lookAlikes.examined())));
    }

    private String annotations() {
        List<String> parts = new ArrayList<>();
        List.of("captions", "labels", "boxes", "masks", "depth").forEach(kind -> {
            long count = content.annotated().getOrDefault(kind, 0L);
            if (count > 0) {
                parts.add(
                        count == content.examples()
                                ? "all have " + kind
                                : "%s have %s".formatted(share(count, content.examples()), kind));
            }
        });
        if (parts.isEmpty()) {
            return "None is annotated.";
        }
        String joined = String.join(", ", parts);
        return joined.substring(0, 1).toUpperCase(Locale.ROOT) + joined.substring(1) + ".";
    }

    private Facts facts() {
        List<Facts.Fact> facts = new ArrayList<>();
        facts.add(fact(content.examples(), "examples"));
        facts.add(fact(content.captions().count(), "captions"));
        facts.add(fact(content.captions().languages().size(), "languages"));
        facts.add(fact(content.labels().size(), "labels"));
        facts.add(fact(content.boxes().count(), "boxes"));
        facts.add(fact(content.masks().count(), "masks"));
        facts.add(fact(content.annotated().getOrDefault("depth", 0L), "depth maps"));
        facts.removeIf(fact -> fact.number().equals("0"));
        facts.add(new Facts.Fact(
                bytes(source.manifest().bytes()),
                "in %d shards".formatted(source.manifest().shards().size())));
        return new Facts(facts);
    }

    private static Facts.Fact fact(long count, String name) {
        return new Facts.Fact(number(count), name);
    }

    private Bars annotated() {
        List<Bars.Bar> bars = new ArrayList<>();
        bars.add(new Bars.Bar("examples", content.examples(), ""));
        content.annotated().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(entry -> bars.add(new Bars.Bar(
                        switch (entry.getKey()) {
                            case "absentLabels" -> "with labels known to be absent";
                            case "synthetic" -> "made by a program";
                            default -> "with " + entry.getKey();
                        },
                        entry.getValue(),
                        share(entry.getValue(), content.examples()))));
        return new Bars(bars);
    }

    private void samples(Page page) {
        boolean wide = content.masks().count() > 0 || content.annotated().containsKey("depth");
        long wanted = Math.min(wide ? WIDE_CARDS : CARDS, content.examples());
        List<Cards.Card> cards = LongStream.range(0, wanted)
                .mapToObj(i -> pictures.card(source.get((2 * i + 1) * content.examples() / (2 * wanted))))
                .toList();
        String text = "%d examples, evenly spread over the directory.".formatted(cards.size());
        if (content.masks().count() > 0) {
            text += " Masks lie in the color of their box over the image in gray.";
        }
        if (content.annotated().containsKey("depth")) {
            text += " Depth goes from red (0.3 m and nearer) to blue (60 m and farther), black where nobody knows.";
        }
        page.section("Pictures", text, new Cards(cards));
    }

    private void labels(Page page) {
        LongTail tail = new LongTail(content.labels());
        List<Figure> figures = new ArrayList<>();
        tail.curve().ifPresent(figures::add);
        figures.add(top(content.labels(), content.examples()));
        figures.add(new Gallery(tail.names().stream()
                .limit(LABEL_ROWS)
                .map(label -> row(label, Objects.requireNonNull(content.labels().get(label))))
                .toList()));
        if (tail.names().size() > 2 * LABEL_ROWS) {
            figures.add(new Gallery(tail.names().stream()
                    .skip(tail.names().size() - (long) LABEL_ROWS / 2)
                    .map(label -> row(
                            label + ", one of the rarest",
                            Objects.requireNonNull(content.labels().get(label)),
                            label))
                    .toList()));
        }
        if (content.labelsPerImage().size() > 1) {
            figures.add(histogram("Labels of an image", content.labelsPerImage()));
        }
        page.section("Labels", tail.words(), figures.toArray(Figure[]::new));
    }

    private Gallery.Row row(String label, long count) {
        return row(label, count, label);
    }

    private Gallery.Row row(String words, long count, String label) {
        return new Gallery.Row(
                "%s (%s)".formatted(words, number(count)),
                picks.of(label).stream()
                        .map(index -> pictures.thumbnail(source.get(index)))
                        .toList());
    }

    private void captions(Page page) {
        Statistics.Captions captions = content.captions();
        String text = "%s captions, %s of them different, %.1f words on average, at most %s. %s have one word only."
                .formatted(
                        number(captions.count()),
                        number(captions.distinct()),
                        captions.meanWords(),
                        number(captions.maxWords()),
                        share(captions.singleWord(), captions.count()));
        page.section(
                "Captions",
                text,
                histogram("Words of a caption", captions.words()),
                top(captions.languages(), captions.count()));
    }

    private void boxes(Page page) {
        Statistics.Boxes boxes = content.boxes();
        List<Figure> figures = new ArrayList<>();
        if (boxes.count() > 0) {
            figures.add(histogram("Boxes of an image that has any", boxes.perImage()));
            figures.add(histogram(
                    "Side of a box as a share of the image's (square roots of areas), percent", boxes.size()));
            figures.add(top(boxes.labels(), boxes.count()));
            figures.add(new Gallery(new LongTail(boxes.labels())
                    .names().stream()
                            .filter(label -> !content.labels().containsKey(label))
                            .limit(LABEL_ROWS)
                            .map(label -> row(
                                    label, Objects.requireNonNull(boxes.labels().get(label))))
                            .toList()));
        } else {
            figures.add(top(content.masks().labels(), content.masks().count()));
        }
        String text = "%s boxes of %s classes, %s of them around groups; %s masks of %s classes."
                .formatted(
                        number(boxes.count()),
                        number(boxes.labels().size()),
                        number(boxes.crowd()),
                        number(content.masks().count()),
                        number(content.masks().labels().size()));
        page.section("Boxes and masks", text, figures.toArray(Figure[]::new));
    }

    private void images(Page page) {
        Statistics.Images images = content.images();
        String text = "%s on average, at most %s; %s have transparent pixels.%s"
                .formatted(
                        bytes(images.meanBytes()),
                        bytes(images.maxBytes()),
                        share(images.transparent(), content.examples()),
                        images.unreadable() == 0
                                ? ""
                                : " %s cannot be read: gv data check names them."
                                        .formatted(number(images.unreadable())));
        page.section(
                "Images",
                text,
                histogram("Longer side of an image, pixels", images.longSide()),
                top(images.formats(), content.examples()));
    }

    private void origins(Page page) {
        page.section(
                "Sources and licences",
                "",
                top(content.sources(), content.examples()),
                top(content.licences(), content.examples()));
    }

    private void lookAlikes(Page page) {
        if (lookAlikes.groups().isEmpty()) {
            page.section(
                    "Near-duplicates", "Among %s images none look the same.".formatted(number(lookAlikes.examined())));
            return;
        }
        List<Gallery.Row> rows = lookAlikes.groups().stream()
                .limit(GROUPS)
                .map(group -> new Gallery.Row(
                        "%s images".formatted(number(group.length)),
                        LongStream.of(group)
                                .limit(GROUP_PICTURES)
                                .mapToObj(index -> pictures.thumbnail(source.get(index)))
                                .toList()))
                .toList();
        String text = GROUPS_TEXT.formatted(
                number(lookAlikes.examined()),
                number(lookAlikes.inGroups()),
                number(lookAlikes.groups().size()));
        page.section("Near-duplicates", text, new Gallery(rows));
    }

    private void curation(Page page) {
        if (source.steps().isEmpty()) {
            page.section("Curation", "No step has removed anything.");
            return;
        }
        List<List<String>> rows = source.steps().stream()
                .map(step -> List.of(
                        step.header().step(),
                        number(step.header().removed()),
                        number(step.header().examples()),
                        step.header().settings().toString()))
                .toList();
        page.section(
                "Curation",
                "%s of %s examples are removed, and this page is about the others."
                        .formatted(
                                number(source.removed()),
                                number(source.manifest().examples())),
                new Table(List.of("step", "removed", "of", "settings"), rows, -1));
    }

    private static Bars top(Map<String, Long> counts, long all) {
        List<Bars.Bar> bars = new ArrayList<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TOP)
                .forEach(entry -> bars.add(
                        new Bars.Bar(Pictures.brief(entry.getKey()), entry.getValue(), share(entry.getValue(), all))));
        long shown = bars.stream().mapToLong(Bars.Bar::value).sum();
        long total = counts.values().stream().mapToLong(Long::longValue).sum();
        if (counts.size() > TOP) {
            bars.add(new Bars.Bar(
                    "%s others".formatted(number(counts.size() - (long) TOP)),
                    total - shown,
                    share(total - shown, all)));
        }
        return new Bars(bars);
    }

    private static Histogram histogram(String title, Map<String, Long> counts) {
        return new Histogram(
                title,
                counts.entrySet().stream()
                        .map(entry -> new Histogram.Column(entry.getKey(), entry.getValue()))
                        .toList());
    }

    static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String share(long part, long all) {
        double percent = all == 0 ? 0 : 100.0 * part / all;
        boolean fine = (percent > 0 && percent < 1) || (percent > 99 && percent < 100);
        return String.format(Locale.ROOT, fine ? "%.2f %%" : "%.0f %%", percent);
    }

    static String bytes(long count) {
        if (count < 1000) {
            return count + " B";
        }
        int thousands = Math.min(5, (int) (Math.log10((double) count) / 3));
        return String.format(Locale.ROOT, "%.1f %sB", count / Math.pow(1000, thousands), " kMGTP".charAt(thousands));
    }
}

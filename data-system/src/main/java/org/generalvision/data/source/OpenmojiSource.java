package org.generalvision.data.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.generalvision.data.example.Example.Caption;
import org.jspecify.annotations.Nullable;

/**
 * OpenMoji as the npm package {@code openmoji} holds it: {@code data/openmoji.json} and {@code color/svg/<hexcode>.svg}. The
 * caption is the annotation, with the tags behind it; labels are the subgroup and the group. Where the npm package {@code
 * cldr-annotations-full} is named, the emoji's names in all of its languages follow.
 */
final class OpenmojiSource extends StreamingSource {
    static final String NAME = "openmoji";
    static final String LICENCE = "CC-BY-SA-4.0";

    private static final int MAX_JSON_BYTES = 64 << 20;
    private static final String VARIATION_SELECTOR = "\uFE0F";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path root;
    private final JsonNode emojis;
    private final Map<String, List<Caption>> names;
    private final boolean skinTones;
    private final @Nullable Split split;
    private final Drawing drawing;
    private final Naming naming = new Naming(NAME, LICENCE, List.of());

    /**
     * The emojis.
     *
     * @param root folder of the package openmoji
     * @param cldr folder of the package cldr-annotations-full, or null
     * @param skinTones whether to keep the variants of one emoji in several skin tones
     * @param split the part to yield, by the annotation without the skin tone; null for all
     */
    OpenmojiSource(Path root, @Nullable Path cldr, boolean skinTones, @Nullable Split split, Raster raster) {
        this.root = root;
        emojis = read(root.resolve("data").resolve("openmoji.json"));
        if (!emojis.isArray()) {
            throw new IllegalArgumentException(root + "/data/openmoji.json must be a list of emojis");
        }
        names = cldr == null ? Map.of() : names(cldr);
        this.skinTones = skinTones;
        this.split = split;
        drawing = new Drawing(raster);
    }

    private static JsonNode read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_JSON_BYTES) {
                throw new IllegalArgumentException(
                        "No file %s of at most %d bytes: install the packages with npm install openmoji cldr-annotations-full, and name their folders"
                                .formatted(file, MAX_JSON_BYTES));
            }
            return JSON.readTree(Utf8Lines.decode(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + " is broken: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    /** The short name ("tts") of each emoji in each language, languages in their order. */
    private static Map<String, List<Caption>> names(Path cldr) {
        Map<String, List<Caption>> names = new HashMap<>();
        Path folder = cldr.resolve("annotations");
        for (String locale : new FileTree(folder).topFolders()) {
            if (locale.equals("und")) {
                continue;
            }
            String language = Languages.tag(locale);
            JsonNode annotations = read(folder.resolve(locale).resolve("annotations.json"))
                    .path("annotations")
                    .path("annotations");
            annotations.properties().forEach(entry -> {
                String name = entry.getValue().path("tts").path(0).asText().strip();
                if (!name.isEmpty()) {
                    names.computeIfAbsent(entry.getKey(), emoji -> new ArrayList<>())
                            .add(new Caption(name, language));
                }
            });
        }
        return names;
    }

    @Override
    public long size() {
        return emojis.size();
    }

    @Override
    Pass begin() {
        Iterator<JsonNode> all = emojis.iterator();
        return new Pass() {
            @Override
            @Nullable
            Candidate read() throws IOException {
                return all.hasNext() ? judge(all.next()) : null;
            }

            @Override
            public void close() {}
        };
    }

    private Candidate judge(JsonNode emoji) throws IOException {
        String id = emoji.path("hexcode").asText();
        String name = emoji.path("annotation").asText().strip();
        boolean toned = !emoji.path("skintone").asText().isEmpty();
        if (toned && !skinTones) {
            return new Candidate.LeftOut(id, "variant of an emoji in another skin tone");
        }
        try {
            if (!id.matches("[0-9A-F-]{1,100}") || name.isEmpty()) {
                throw new IllegalArgumentException("must have a hexcode and an annotation");
            }
            // "waving hand: light skin tone" is the object "waving hand".
            String object = toned ? name.split(":", 2)[0] : name;
            if (split != null && TitleKey.of(object).split() != split) {
                return new Candidate.LeftOut(id, "belongs to another split");
            }
            return new Candidate.Accepted(naming.example(id, drawing.png(root.resolve("color/svg/" + id + ".svg")))
                    .captions(captions(emoji, name))
                    .labels(Stream.of("subgroups", "group")
                            .map(field -> emoji.path(field).asText().strip())
                            .filter(label -> !label.isEmpty())
                            .distinct()
                            .toList())
                    .build());
        } catch (IllegalArgumentException e) {
            return Candidate.Rejected.of(id, e);
        }
    }

    private List<Caption> captions(JsonNode emoji, String name) {
        List<String> words = new ArrayList<>(List.of(name));
        for (String field : List.of("tags", "openmoji_tags")) {
            Stream.of(emoji.path(field).asText().split(",", -1))
                    .map(String::strip)
                    .filter(tag -> !tag.isEmpty() && !words.contains(tag))
                    .forEach(words::add);
        }
        List<Caption> captions = new ArrayList<>(List.of(new Caption(String.join(", ", words), "en")));
        String character = emoji.path("emoji").asText();
        // CLDR's keys have no variation selector.
        List<Caption> found =
                names.getOrDefault(character, names.getOrDefault(character.replace(VARIATION_SELECTOR, ""), List.of()));
        captions.addAll(found);
        return captions.stream().distinct().toList();
    }
}

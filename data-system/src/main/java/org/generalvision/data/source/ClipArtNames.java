package org.generalvision.data.source;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Multiset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.generalvision.data.example.Example.Caption;

/**
 * What a picture of the Open Clip Art Library is called. Many titles there name a collection ("Various Cliparts"), not a
 * picture: one that several files share, and whose words occur in neither the file's name nor its tags, gives way to the
 * file's name.
 */
final class ClipArtNames {
    private static final int SHARED = 3;

    private static final Pattern AUTHOR_PREFIX = Pattern.compile("^clipart by .*? - ", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER = Pattern.compile("[ #-]*[0-9]+$");
    private static final Map<String, String> ESCAPES = ImmutableMap.of("&#39;", "'", "&quot;", "\"", "&amp;", "&");
    private static final Pattern JUNK_TAG = Pattern.compile("hash.*|0x.*|[0-9]+|unsorted|openclipart|.*[@:/(].*");
    private static final Pattern JUNK_DESCRIPTION = Pattern.compile("(?i).*(@|https?:|www\\.|derivative|converted).*");

    private final Multiset<String> titles = HashMultiset.create();
    private final Multiset<String> descriptions = HashMultiset.create();

    ClipArtNames(Collection<SvgMetadata> all) {
        for (SvgMetadata metadata : all) {
            titles.add(cleanTitle(metadata));
            descriptions.add(metadata.description());
        }
    }

    /** The name of the object on a picture, empty if nothing says it. */
    String name(String fileName, SvgMetadata metadata) {
        String title = cleanTitle(metadata);
        boolean own = !title.isEmpty() && (titles.count(title) < SHARED || occursIn(title, fileName, metadata));
        return own ? title : fromFileName(fileName, metadata);
    }

    /** The name with the tags that add something to it, then the description if it is one. */
    List<Caption> captions(String name, SvgMetadata metadata) {
        String language = language(metadata.language());
        Map<String, String> parts = new LinkedHashMap<>();
        Set<String> said = new HashSet<>(TitleKey.words(name));
        parts.put(name.toLowerCase(Locale.ROOT), name);
        for (String raw : metadata.tags()) {
            String tag = raw.replace('_', ' ').strip().toLowerCase(Locale.ROOT);
            List<String> words = TitleKey.words(tag);
            if (!words.isEmpty() && !junk(tag, metadata) && !said.containsAll(words)) {
                parts.putIfAbsent(tag, tag);
                said.addAll(words);
            }
        }
        List<Caption> captions = new ArrayList<>();
        captions.add(new Caption(String.join(", ", parts.values()), language));
        String description = metadata.description();
        if (describes(description) && !said.containsAll(TitleKey.words(description))) {
            captions.add(new Caption(description, language));
        }
        return captions;
    }

    /** The title without its author, underscores, escapes that were escaped twice, and the number of the drawing. */
    private static String cleanTitle(SvgMetadata metadata) {
        String title = AUTHOR_PREFIX.matcher(metadata.title()).replaceFirst("");
        for (Map.Entry<String, String> escape : ESCAPES.entrySet()) {
            title = title.replace(escape.getKey(), escape.getValue());
        }
        title = title.replace('_', ' ').replaceAll("\\s+", " ").strip();
        String unnumbered = NUMBER.matcher(title).replaceFirst("");
        return TitleKey.words(unnumbered).stream().anyMatch(word -> word.length() > 1) ? unnumbered : title;
    }

    private static boolean occursIn(String title, String fileName, SvgMetadata metadata) {
        Set<String> known = new HashSet<>(TitleKey.words(fileName));
        metadata.tags().forEach(tag -> known.addAll(TitleKey.words(tag)));
        return TitleKey.words(title).stream()
                .allMatch(word -> known.contains(word)
                        || (word.length() > 2 && known.stream().anyMatch(other -> other.contains(word))));
    }

    /** The words of a file's name without the author's, which the library cuts off anywhere. */
    private static String fromFileName(String fileName, SvgMetadata metadata) {
        List<String> authors = metadata.creators().stream()
                .flatMap(creator -> TitleKey.words(creator).stream())
                .toList();
        List<String> words = TitleKey.words(fileName).stream()
                .filter(word -> authors.stream().noneMatch(author -> author.startsWith(word)))
                .toList();
        boolean readable = words.stream().anyMatch(word -> word.length() > 2);
        return readable ? String.join(" ", words) : "";
    }

    private static boolean junk(String tag, SvgMetadata metadata) {
        return JUNK_TAG.matcher(tag).matches()
                || metadata.creators().stream().anyMatch(creator -> creator.equalsIgnoreCase(tag));
    }

    private boolean describes(String description) {
        return description.length() <= 300
                && description.split(" ", -1).length >= 3
                && descriptions.count(description) < SHARED
                && !JUNK_DESCRIPTION.matcher(description).matches();
    }

    /** BCP 47; what the files say otherwise ("EN", "English", "all", nothing) stands beside English titles. */
    private static String language(String declared) {
        String first = declared.strip().split("[ ,;]", 2)[0].replace('_', '-');
        String lower = first.toLowerCase(Locale.ROOT);
        if (lower.isEmpty() || lower.equals("all") || lower.equals("eng") || lower.equals("english")) {
            return "en";
        }
        return Locale.forLanguageTag(first).toLanguageTag();
    }
}

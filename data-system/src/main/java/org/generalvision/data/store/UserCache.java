package org.generalvision.data.store;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the cache of this user lies, and how large it may become: the folder {@code shards} in {@code GV_CACHE}, or where the
 * launcher keeps things otherwise; {@value #LIMIT_VARIABLE} bytes, such as {@code 500g}.
 */
final class UserCache {
    static final String LIMIT_VARIABLE = "GV_CACHE_LIMIT";

    private static final String DEFAULT_LIMIT = "20g";
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kmgt]?)b?");

    private UserCache() {}

    static FileCache open() {
        return FileCache.open(folder(System.getProperty("gv.cache"), System.getenv()), limit(System.getenv()));
    }

    /**
     * The folder.
     *
     * @param launcher what the launcher says, or null without one
     */
    static Path folder(@Nullable String launcher, Map<String, String> environment) {
        String cache = launcher == null ? environment.get("GV_CACHE") : launcher;
        if (cache != null && !cache.isEmpty()) {
            return Path.of(cache, "shards");
        }
        String user = environment.get("XDG_CACHE_HOME");
        Path base = user == null || user.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(user);
        return base.resolve("general-vision").resolve("shards");
    }

    /**
     * The size in bytes.
     *
     * @throws IllegalArgumentException if the variable is no size
     */
    static long limit(Map<String, String> environment) {
        String text = environment.getOrDefault(LIMIT_VARIABLE, DEFAULT_LIMIT);
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        int shift = number == 0 ? 0 : shift(matcher.group(2));
        if (number < 1 || number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException(
                    "%s must be a size such as 500g or 2t, but is %s".formatted(LIMIT_VARIABLE, text));
        }
        return number << shift;
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            case "t" -> 40;
            default -> 0;
        };
    }
}

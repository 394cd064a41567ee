package org.generalvision.metanet.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.generalvision.recipe.Recipe;
import org.generalvision.search.FitnessTable;
import org.generalvision.search.ReplayResult;
import org.generalvision.search.ReplayStudy;
import org.generalvision.search.SearchSummary;
import org.generalvision.search.SearchWatch;
import org.generalvision.search.page.ReplayPage;
import org.generalvision.search.proxy.MetaNetSpace;
import org.generalvision.search.proxy.ProxyEvaluator;
import org.generalvision.search.proxy.SearchRecipe;
import org.generalvision.train.StopRequest;

/** The searches of a recipe replayed on a table, from the recipe to the page. */
final class ReplayRun {
    static final String PAGE = "replay.html";

    private static final Pattern SEEDS = Pattern.compile("(\\d{1,9})-(\\d{1,9})");
    private static final int MAX_SEEDS = 10_000;

    private final Recipe recipe;
    private final Path directory;
    private final Path cache;
    private final StopRequest stop;

    ReplayRun(Recipe recipe, Path directory, Path cache, StopRequest stop) {
        this.recipe = recipe;
        this.directory = directory;
        this.cache = cache;
        this.stop = stop;
    }

    /**
     * Replays.
     *
     * @param table a file
     * @param seeds FIRST-LAST
     * @return exit status
     */
    int run(Path table, String seeds, PrintWriter out, boolean json) {
        SearchRecipe typed = recipe.as(SearchRecipe.class);
        List<Long> all = parse(seeds);
        MetaNetSpace space = ProxyEvaluator.space(typed.space(), typed.proxy(), cache);
        ReplayStudy study = new ReplayStudy(typed.search().withSeeds(all), space, FitnessTable.read(table, space));
        ReplayResult result = study.run(stop, new SearchWatch() {
            @Override
            public void note(String message) {
                System.err.println("replay: " + message);
            }
        });
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + directory, e);
        }
        Path page = directory.resolve(PAGE);
        new ReplayPage(recipe.name(), typed.search().reward(), result).page().write(page);
        print(result, page, out, json);
        return 0;
    }

    private static List<Long> parse(String seeds) {
        Matcher matcher = SEEDS.matcher(seeds);
        if (matcher.matches()) {
            long first = Long.parseLong(matcher.group(1));
            long last = Long.parseLong(matcher.group(2));
            if (first < last && last - first < MAX_SEEDS) {
                return ReplayStudy.seeds(first, last);
            }
        }
        throw new IllegalArgumentException(
                "--seeds must be two numbers FIRST-LAST, the second larger, such as 1-50: " + seeds);
    }

    private static void print(ReplayResult result, Path page, PrintWriter out, boolean json) {
        if (json) {
            out.println(Json.document(result));
        } else {
            ReplayResult.Fit fit = result.surrogate();
            out.printf(
                    Locale.ROOT,
                    "surrogate: %d candidates, cross-validated Spearman %.3f, Kendall %.3f, R2 %.3f, chance %.4f%n",
                    fit.candidates(),
                    fit.spearman(),
                    fit.kendall(),
                    fit.explained(),
                    fit.noise());
            for (ReplayResult.Method method : result.methods()) {
                out.printf(
                        Locale.ROOT,
                        "%s: best true reward %s, of what was chosen %s, %.0f of %d trials distinct%n",
                        method.method().words(),
                        words(method.best()),
                        words(method.chosen()),
                        method.distinct().mean(),
                        result.trials());
            }
            for (ReplayResult.Difference difference : result.differences()) {
                out.printf(
                        Locale.ROOT,
                        "%s less %s: best %s, chosen %s, ahead in %.0f %% of %d seeds%n",
                        difference.method().words(),
                        difference.less().words(),
                        words(difference.best()),
                        words(difference.chosen()),
                        100 * difference.wins(),
                        result.seeds());
            }
            out.println(page);
        }
        out.flush();
    }

    private static String words(SearchSummary.Figure figure) {
        return figure.halfWidth() == null
                ? String.format(Locale.ROOT, "%.4f", figure.mean())
                : String.format(Locale.ROOT, "%.4f +- %.4f", figure.mean(), figure.halfWidth());
    }
}

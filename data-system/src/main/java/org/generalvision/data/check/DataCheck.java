package org.generalvision.data.check;

import com.google.common.collect.AbstractIterator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.generalvision.data.curate.CuratedSource;
import org.generalvision.data.curate.Scan;
import org.generalvision.data.example.Example;
import org.generalvision.data.example.ExampleSource;
import org.generalvision.data.source.Candidate;
import org.generalvision.data.source.CollectionSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks through data for all that is a {@link org.generalvision.data.example.Fault}: a directory of shards, without what curation
 * has removed, or a collection that is not built yet. Other splits are named first, then what is to be checked. The memory does
 * not grow with the number of examples.
 */
public final class DataCheck implements AutoCloseable {
    private final ExampleCheck.Rules rules;
    private final Findings findings;
    private final Twins twins = new Twins();
    private final SortedMap<String, Long> leftOut = new TreeMap<>();
    private long examples;

    /**
     * A check that has not begun.
     *
     * @param decode whether images and depth maps are decoded, or only their headers read
     * @param classes labels that there may be; empty for any
     * @param hierarchy of the labels
     * @param shown findings of each kind that are named
     */
    public DataCheck(boolean decode, Set<String> classes, Hierarchy hierarchy, int shown) {
        rules = new ExampleCheck.Rules(decode, classes, hierarchy);
        findings = new Findings(shown);
    }

    /**
     * What came out.
     *
     * @param data what was checked
     * @param examples how many of it could be looked at
     * @param leftOut items of a collection by the rule that leaves them out
     * @param errors findings that spoil training
     * @param warnings findings that are worth a look
     * @param findings by kind, errors first
     */
    public record Result(
            String data,
            long examples,
            SortedMap<String, Long> leftOut,
            long errors,
            long warnings,
            List<Findings.Finding> findings) {}

    /** Names a split that must share no image with what is checked; {@code progress} runs once for each of its examples. */
    public void against(String split, ExampleSource source, Runnable progress) {
        for (long i = 0; i < source.size(); i++) {
            addOther(split, source.get(i));
            progress.run();
        }
    }

    /** The same for a split that is not built yet. */
    public void against(String split, CollectionSource collection, Runnable progress) {
        for (Candidate candidate : collection) {
            if (candidate instanceof Candidate.Accepted accepted) {
                addOther(split, accepted.example());
            }
            progress.run();
        }
    }

    private void addOther(String split, Example example) {
        twins.addOther(ExampleCheck.content(example), example.id(), split);
    }

    /** Checks a directory of shards; {@code progress} runs once for each example. */
    public Result run(String data, CuratedSource source, Runnable progress) {
        return run(data, new ShardExamples(source, findings), progress);
    }

    /** Checks a collection; {@code progress} runs once for each item. */
    public Result run(String data, CollectionSource collection, Runnable progress) {
        return run(data, collection.iterator(), progress);
    }

    private Result run(String data, Iterator<Candidate> candidates, Runnable progress) {
        new Scan<>(accepted(candidates, progress), () -> new ExampleCheck(rules)).run((number, judgement) -> {
            examples++;
            twins.add(judgement);
            judgement.faults().forEach(entry -> findings.add(entry.fault(), judgement.id(), entry.detail()));
        });
        twins.report(findings, rules.hierarchy());
        return new Result(data, examples, leftOut, findings.errors(), findings.warnings(), findings.all());
    }

    private Iterator<Example> accepted(Iterator<Candidate> candidates, Runnable progress) {
        return new AbstractIterator<>() {
            @Override
            protected @Nullable Example computeNext() {
                while (candidates.hasNext()) {
                    Candidate candidate = candidates.next();
                    progress.run();
                    if (candidate instanceof Candidate.Accepted accepted) {
                        return accepted.example();
                    } else if (candidate instanceof Candidate.Rejected rejected) {
                        findings.add(rejected.fault(), rejected.id(), rejected.reason());
                    } else if (candidate instanceof Candidate.LeftOut out) {
                        leftOut.merge(out.rule(), 1L, Long::sum);
                    }
                }
                return endOfData();
            }
        };
    }

    @Override
    public void close() {
        twins.close();
    }
}

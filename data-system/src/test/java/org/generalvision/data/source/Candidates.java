package org.generalvision.data.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.generalvision.data.example.Example;

/** What a source yields, sorted by verdict. */
record Candidates(List<Candidate> all) {

    static Candidates of(CollectionSource source) {
        try (source) {
            return new Candidates(
                    StreamSupport.stream(source.spliterator(), false).toList());
        }
    }

    static Candidates of(SourceConfig config) {
        return of(config.open());
    }

    List<Example> examples() {
        return all.stream()
                .filter(Candidate.Accepted.class::isInstance)
                .map(candidate -> ((Candidate.Accepted) candidate).example())
                .toList();
    }

    List<String> ids() {
        return examples().stream().map(Example::id).toList();
    }

    Example example(String id) {
        return examples().stream()
                .filter(example -> example.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id + " in " + ids()));
    }

    Map<String, String> rejected() {
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Candidate candidate : all) {
            if (candidate instanceof Candidate.Rejected rejected) {
                reasons.put(rejected.id(), rejected.reason());
            }
        }
        return reasons;
    }

    Map<String, String> leftOut() {
        Map<String, String> rules = new LinkedHashMap<>();
        for (Candidate candidate : all) {
            if (candidate instanceof Candidate.LeftOut out) {
                rules.put(out.id(), out.rule());
            }
        }
        return rules;
    }
}

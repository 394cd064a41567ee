package org.generalvision.search.proxy;

import java.util.List;
import org.generalvision.metanet.Architecture;
import org.generalvision.metanet.SearchSpace;
import org.generalvision.nn.Backbone;
import org.generalvision.nn.Cost;
import org.generalvision.search.Position;
import org.generalvision.search.TokenSpace;
import org.generalvision.search.Tokens;

/**
 * The MetaNet space as a search sees it.
 *
 * @param space what can be chosen
 * @param classes of the classifier that costs are counted with
 * @param resolution side of the pictures in pixels
 */
public record MetaNetSpace(SearchSpace space, int classes, int resolution) implements TokenSpace {
    @Override
    public List<Position> positions() {
        return positions(space);
    }

    static List<Position> positions(SearchSpace space) {
        return space.positions().stream()
                .map(position -> new Position(position.stage(), position.property(), position.choices()))
                .toList();
    }

    @Override
    public String describe(Tokens tokens) {
        return architecture(tokens).toString();
    }

    @Override
    public Tokens parse(String line) {
        return new Tokens(space.encode(Architecture.parse(line)));
    }

    @Override
    public Size size(Tokens tokens) {
        Cost cost = architecture(tokens).cost(classes, resolution, resolution);
        return new Size(cost.parameters(), cost.macs());
    }

    /** The network with a classifier, not initialized. */
    Backbone build(Tokens tokens) {
        return architecture(tokens).build(classes);
    }

    private Architecture architecture(Tokens tokens) {
        return space.decode(tokens.choices());
    }
}

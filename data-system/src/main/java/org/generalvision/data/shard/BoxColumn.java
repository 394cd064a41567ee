package org.generalvision.data.shard;

import java.util.Objects;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.StructVector;
import org.generalvision.data.example.Example.Box;

/** Boxes, within a list. */
final class BoxColumn implements Column<Box> {
    private final StructVector struct;
    private final Float8Vector x1;
    private final Float8Vector y1;
    private final Float8Vector x2;
    private final Float8Vector y2;
    private final TextColumn label;
    private final BitVector crowd;

    BoxColumn(StructVector struct) {
        this.struct = struct;
        x1 = side("x1");
        y1 = side("y1");
        x2 = side("x2");
        y2 = side("y2");
        label = new TextColumn(Objects.requireNonNull(struct.getChild("label")));
        crowd = Objects.requireNonNull(struct.getChild("crowd", BitVector.class));
    }

    private Float8Vector side(String name) {
        return Objects.requireNonNull(struct.getChild(name, Float8Vector.class));
    }

    @Override
    public void write(int at, Box box) {
        struct.setIndexDefined(at);
        x1.setSafe(at, box.x1());
        y1.setSafe(at, box.y1());
        x2.setSafe(at, box.x2());
        y2.setSafe(at, box.y2());
        label.write(at, box.label());
        crowd.setSafe(at, box.crowd() ? 1 : 0);
    }

    @Override
    public Box read(int at) {
        return new Box(x1.get(at), y1.get(at), x2.get(at), y2.get(at), label.read(at), crowd.get(at) != 0);
    }
}

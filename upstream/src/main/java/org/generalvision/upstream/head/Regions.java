package org.generalvision.upstream.head;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.ImmutableDoubleArray;
import java.util.List;
import org.generalvision.metric.Region;

/**
 * Boxes of one image in an order that means something to whoever made them.
 *
 * @param numbers x1, y1, x2, y2 of each, in pixels
 */
public record Regions(ImmutableDoubleArray numbers) {
    public Regions {
        if (numbers.length() % 4 != 0) {
            throw new IllegalArgumentException("Each region needs four numbers: " + numbers.length());
        }
    }

    static Regions of(List<TrueInstance> objects) {
        ImmutableDoubleArray.Builder numbers = ImmutableDoubleArray.builder(4 * objects.size());
        for (TrueInstance object : objects) {
            Region.Box box = object.box();
            numbers.add(box.x1()).add(box.y1()).add(box.x2()).add(box.y2());
        }
        return new Regions(numbers.build());
    }

    /** Number of regions. */
    public int size() {
        return numbers.length() / 4;
    }

    double x1(int region) {
        return numbers.get(4 * region);
    }

    double y1(int region) {
        return numbers.get(4 * region + 1);
    }

    double x2(int region) {
        return numbers.get(4 * region + 2);
    }

    double y2(int region) {
        return numbers.get(4 * region + 3);
    }

    double area(int region) {
        return (x2(region) - x1(region)) * (y2(region) - y1(region));
    }

    /** These regions and then others. */
    Regions and(Regions others) {
        return new Regions(ImmutableDoubleArray.builder(numbers.length() + others.numbers.length())
                .addAll(numbers)
                .addAll(others.numbers)
                .build());
    }

    /** Some of the regions, in the order given. */
    Regions pick(int[] places) {
        ImmutableDoubleArray.Builder picked = ImmutableDoubleArray.builder(4 * places.length);
        for (int place : places) {
            picked.addAll(numbers.subArray(4 * place, 4 * place + 4));
        }
        return new Regions(picked.build());
    }

    /** Whether more than half of a region lies within one of some crowds. */
    boolean isInside(int region, Regions crowds) {
        for (int i = 0; i < crowds.size(); i++) {
            double width = Math.min(x2(region), crowds.x2(i)) - Math.max(x1(region), crowds.x1(i));
            double height = Math.min(y2(region), crowds.y2(i)) - Math.max(y1(region), crowds.y1(i));
            if (width > 0 && height > 0 && width * height > 0.5 * area(region)) {
                return true;
            }
        }
        return false;
    }

    /** (N, 4). */
    NDArray array(NDManager manager, DataType type) {
        return manager.create(numbers.toArray(), new Shape(size(), 4)).toType(type, false);
    }
}

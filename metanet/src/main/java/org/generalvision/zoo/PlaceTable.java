package org.generalvision.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import java.util.Set;
import org.generalvision.nn.Ops;

/**
 * A table of a network with an entry for each place of a square grid, behind perhaps one that belongs to no place: a place
 * embedding, or Swin's biases for the distances of two places. A file made for pictures or windows of another size has another
 * grid; what it holds is resized bicubically, as the published code of ViT and Swin does.
 *
 * @param target the network's array, (rows, width) or (1, rows, width)
 * @param stored where the file's table goes first, of its own shape
 * @param first rows before the grid, 0 or 1
 */
record PlaceTable(NDArray target, NDArray stored, int first) {
    private static final Set<String> EMBEDDINGS = Set.of("pos_embed", "pos_embedding", "positional_embedding");
    private static final String BIASES = "relative_position_bias_table";

    /**
     * The table that an array is, if a file's array of another size can be made to fit it.
     *
     * @param name of the array, in any library's spelling
     * @param shape of the file's array
     * @param scratch owner of the file's table
     */
    static Optional<PlaceTable> of(String name, NDArray target, Shape shape, NDManager scratch) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        boolean embedding = EMBEDDINGS.contains(last);
        int first = embedding ? 1 : 0;
        if ((!embedding && !last.equals(BIASES))
                || shape.equals(target.getShape())
                || !fits(shape, target.getShape(), first)) {
            return Optional.empty();
        }
        return Optional.of(new PlaceTable(target, scratch.zeros(shape, target.getDataType()), first));
    }

    /** Whether the shapes differ in nothing but the number of rows, which are grids on both sides. */
    private static boolean fits(Shape shape, Shape target, int first) {
        int rank = target.dimension();
        if (rank < 2 || shape.dimension() != rank || shape.get(rank - 1) != target.get(rank - 1)) {
            return false;
        }
        boolean single = rank == 2 || (rank == 3 && shape.get(0) == 1 && target.get(0) == 1);
        return single && grid(shape, first) > 0 && grid(target, first) > 0;
    }

    /** Side of the grid, or 0 if the rows make no square. */
    private static int grid(Shape shape, int first) {
        long places = shape.get(shape.dimension() - 2) - first;
        int side = (int) Math.sqrt((double) Math.max(places, 0));
        return (long) side * side == places ? side : 0;
    }

    /** Writes the file's table into the network's. */
    void copy() {
        Shape shape = target.getShape();
        long width = shape.get(shape.dimension() - 1);
        int from = grid(stored.getShape(), first);
        int to = grid(shape, first);
        NDArray rows = stored.reshape(-1, width);
        NDArray map = rows.get(first + ":").reshape(1, from, from, width).transpose(0, 3, 1, 2);
        NDArray resized = Ops.resizeBicubic(map, to, to).transpose(0, 2, 3, 1).reshape(-1, width);
        NDArray all = first == 0 ? resized : rows.get(":" + first).concat(resized);
        Ops.copyInto(target, all.reshape(shape));
    }
}

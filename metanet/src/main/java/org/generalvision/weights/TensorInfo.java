package org.generalvision.weights;

import ai.djl.ndarray.types.Shape;

/**
 * What a safetensors header says about one tensor.
 *
 * @param offset first byte, counted from the end of the header
 * @param length in bytes
 */
public record TensorInfo(String name, TensorType type, Shape shape, long offset, long length) {}

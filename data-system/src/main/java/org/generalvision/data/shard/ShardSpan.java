package org.generalvision.data.shard;

/**
 * The examples of one shard, known before it is written.
 *
 * @param number of the shard, from 0
 * @param first number of its first example among all
 * @param rows examples in it
 * @param dataBytes its size without the footer
 */
public record ShardSpan(int number, long first, long rows, long dataBytes) {}

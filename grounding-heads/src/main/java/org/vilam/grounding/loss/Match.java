package org.vilam.grounding.loss;

/**
 * A query that answers for a target.
 *
 * @param query which of a sample's queries
 * @param target which of the sample's targets
 */
public record Match(int query, int target) {}

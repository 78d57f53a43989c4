/**
 * What a model learns from, whatever its origin: pictures with expressions and their objects, and with questions and their
 * answers ({@link org.vilam.training.sample.Example}), brought into the network's frame ({@link
 * org.vilam.training.sample.Framed}).
 *
 * <p>Everything here is Java numbers: samples are made on worker threads, and become tensors where a step uses them.
 */
@NullMarked
package org.vilam.training.sample;

import org.jspecify.annotations.NullMarked;

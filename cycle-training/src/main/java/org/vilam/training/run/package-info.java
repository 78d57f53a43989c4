/**
 * Training runs: the losses of a step, the optimiser's loop over worker threads, and checkpoints that continue bit for bit.
 */
@NullMarked
package org.vilam.training.run;

import org.jspecify.annotations.NullMarked;

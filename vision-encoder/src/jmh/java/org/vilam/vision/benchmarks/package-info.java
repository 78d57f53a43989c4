/** JMH benchmarks of the ground floor; how to run them and what they gave is in {@code benchmarks.md}. */
@NullMarked
package org.vilam.vision.benchmarks;

import org.jspecify.annotations.NullMarked;

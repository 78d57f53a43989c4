/**
 * C3VG's head (Dai et al. 2025, "Multi-task Visual Grounding with Coarse-to-Fine Consistency Constraints"): on a BEiT-3 encoding
 * of 320 by 320 pixels a first stage guesses box and mask (rough semantic perception, section 3.2), a second lets the two inform
 * each other and answers (refined consistency interaction, 3.3). Names of weights and quirks are those of the official
 * checkpoint; what the code does otherwise than it seems to mean can be set right by {@link
 * org.vilam.grounding.c3vg.C3VgVariant}.
 */
@NullMarked
package org.vilam.grounding.c3vg;

import org.jspecify.annotations.NullMarked;

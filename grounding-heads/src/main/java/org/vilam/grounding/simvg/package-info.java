/**
 * SimVG's head (Dai et al. 2024, "SimVG: A Simple Framework for Visual Grounding with Decoupled Multi-modal Fusion"): on a
 * BEiT-3 encoding a decoder branch and a light token branch each answer with boxes, one for REC or a set of up to ten for
 * GREC, where nothing may be meant at all. Names of weights and quirks are those of the official checkpoints.
 */
@NullMarked
package org.vilam.grounding.simvg;

import org.jspecify.annotations.NullMarked;

/**
 * SceneWorld: procedural pictures with exact ground truth, and expressions with a proof of what they denote.
 *
 * <p>A {@link org.vilam.training.scene.Scene} is drawn by one of the families; a
 * {@link org.vilam.training.scene.Meaning} is evaluated against it by three-valued logic, so that an expression, a description
 * or a caption is only used where nobody could honestly disagree about its referents; words come last, in the
 * {@link org.vilam.training.scene.Manner} wanted. Everything is a function of one seed.
 */
@NullMarked
package org.vilam.training.scene;

import org.jspecify.annotations.NullMarked;

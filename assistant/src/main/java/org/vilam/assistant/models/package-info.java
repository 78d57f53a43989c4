/**
 * Models on the disk: importing published checkpoints, installing, verifying, listing and removing model folders, and the
 * {@code models} command that does so. What a family of models is, the families say themselves ({@link
 * org.vilam.vision.checkpoint.ModelFamily}).
 */
@NullMarked
package org.vilam.assistant.models;

import org.jspecify.annotations.NullMarked;

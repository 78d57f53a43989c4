/**
 * Weight files: safetensors, PyTorch {@code .pth} read without executing anything, key maps and model folders.
 */
@NullMarked
package org.vilam.vision.checkpoint;

import org.jspecify.annotations.NullMarked;

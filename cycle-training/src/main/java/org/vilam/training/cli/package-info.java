/** The command line of training: {@code train}, {@code evaluate}, {@code generate} and {@code predict}. */
@NullMarked
package org.vilam.training.cli;

import org.jspecify.annotations.NullMarked;

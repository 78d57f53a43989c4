/**
 * The commands of the program: serving, looking over the machine it runs on, and saying its version. What the server does lies in
 * {@code server}.
 */
@NullMarked
package org.vilam.web.program;

import org.jspecify.annotations.NullMarked;

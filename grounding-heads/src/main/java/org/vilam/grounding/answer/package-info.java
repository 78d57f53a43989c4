/**
 * What every family answers, whatever its network: a picture and an expression in, places in the picture's pixels out ({@link
 * org.vilam.grounding.answer.Grounder}).
 */
@NullMarked
package org.vilam.grounding.answer;

import org.jspecify.annotations.NullMarked;

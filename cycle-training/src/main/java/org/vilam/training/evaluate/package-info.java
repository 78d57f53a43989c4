/**
 * Measures what can ground and describe on the procedural world: fresh pictures and expressions of each family, their exact
 * answers, and scores with confidence intervals. A {@link org.vilam.training.evaluate.Split} says in what the pictures differ from
 * those of training; {@link org.vilam.training.evaluate.Evaluator} asks and scores; {@link
 * org.vilam.training.evaluate.EvaluationReport} is the result beside what was aimed at.
 */
@NullMarked
package org.vilam.training.evaluate;

import org.jspecify.annotations.NullMarked;

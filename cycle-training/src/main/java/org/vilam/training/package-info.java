/**
 * Teaching: data sets, recipes, trainers with the REG-REC cycle, and evaluation.
 */
@NullMarked
package org.vilam.training;

import org.jspecify.annotations.NullMarked;

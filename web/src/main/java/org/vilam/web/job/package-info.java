/**
 * Batches: one question asked of many pictures, one after the other, behind the questions of people who wait. What is done is in
 * the store after each picture, and a batch that was running when the program ended goes on after its next start.
 */
@NullMarked
package org.vilam.web.job;

import org.jspecify.annotations.NullMarked;

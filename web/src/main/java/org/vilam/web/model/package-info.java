/**
 * The model that answers: which ones there are, which one is active, and the queue in front of it. A model is changed without
 * losing a question; when more is asked than can wait, the caller is told to come back.
 */
@NullMarked
package org.vilam.web.model;

import org.jspecify.annotations.NullMarked;

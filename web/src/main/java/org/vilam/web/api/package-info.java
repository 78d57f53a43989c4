/**
 * The addresses under {@code /v1} and what they mean: pictures, questions, conversations, batches, models, the gallery and
 * exports. Handlers read a request, call one thing and write its answer; {@code openapi.yaml} describes them all.
 */
@NullMarked
package org.vilam.web.api;

import org.jspecify.annotations.NullMarked;

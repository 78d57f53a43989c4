/**
 * What a caller is told when something goes wrong: RFC 9457 problem documents, and the one table from error codes to HTTP
 * statuses. The causes themselves are {@link org.vilam.vision.error.VilamException}s thrown wherever they are found; nothing of
 * a stack trace leaves the program.
 */
@NullMarked
package org.vilam.web.problem;

import org.jspecify.annotations.NullMarked;

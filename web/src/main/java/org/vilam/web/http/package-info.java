/**
 * How requests are read and answers written, whatever they are about: bodies and forms with their limits, event streams,
 * request ids, and RFC 9457 problem documents with the one table from error codes to HTTP statuses. Causes are {@link
 * org.vilam.vision.error.VilamException}s thrown wherever they are found; nothing of a stack trace leaves the program.
 */
@NullMarked
package org.vilam.web.http;

import org.jspecify.annotations.NullMarked;

/**
 * The HTTP server itself: what it listens on, which requests it lets in, how errors, headers, request ids, metrics and static
 * files are done. One class a concern; what the addresses mean is in the packages {@code api} and {@code dropin}.
 */
@NullMarked
package org.vilam.web.server;

import org.jspecify.annotations.NullMarked;

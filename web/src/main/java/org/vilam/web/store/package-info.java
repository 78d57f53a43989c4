/**
 * What the program remembers: pictures as files named by their sha256, and sessions, turns, corrections and jobs in one SQLite
 * file beside them. Every write is one transaction in write-ahead mode, so a program killed at any moment finds all that it had
 * confirmed. Results and requests are kept as the JSON that went over the wire; nothing here knows a model.
 */
@NullMarked
package org.vilam.web.store;

import org.jspecify.annotations.NullMarked;

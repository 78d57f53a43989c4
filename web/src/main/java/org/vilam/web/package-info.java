/**
 * The way in for people and programs: REST, the browser client and the main entry.
 */
@NullMarked
package org.vilam.web;

import org.jspecify.annotations.NullMarked;

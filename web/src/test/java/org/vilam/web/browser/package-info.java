/**
 * The page in a real browser: a headless Chromium is driven over its DevTools protocol and talks to a server with canned answers,
 * which stands in for the real one in these tests only. Where no Chromium is installed the tests are left out and say so.
 */
@NullMarked
package org.vilam.web.browser;

import org.jspecify.annotations.NullMarked;

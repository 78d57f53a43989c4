/**
 * Conversations about one picture: turns that build on each other, and corrections by people, which later turns build on too.
 * What the model answered is kept beside what it was corrected to.
 */
@NullMarked
package org.vilam.web.session;

import org.jspecify.annotations.NullMarked;

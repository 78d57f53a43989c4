/**
 * From plain words to tasks. A small grammar (resources {@code routes.txt} and {@code words.txt}) says which wordings ask for what;
 * {@code nouns.txt} and {@code keypoints.txt} say what is to be known of nouns and of the body. {@link
 * org.vilam.assistant.route.Router} reads an instruction with it; what "it" or "the second one" is, is not decided here.
 */
@NullMarked
package org.vilam.assistant.route;

import org.jspecify.annotations.NullMarked;

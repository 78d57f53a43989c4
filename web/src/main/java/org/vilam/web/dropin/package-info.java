/**
 * Addresses that other programs' clients know already, over the same core: OpenAI chat, Hugging Face zero-shot object detection,
 * KServe v2, the Label Studio ML backend and samapi (QuPath). Each class names the interface that it follows; unlike our own,
 * these leave unknown fields alone, because their clients send more than we need.
 */
@NullMarked
package org.vilam.web.dropin;

import org.jspecify.annotations.NullMarked;

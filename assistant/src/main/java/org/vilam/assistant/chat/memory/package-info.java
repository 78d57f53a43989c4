/**
 * Conversations that last. A {@link org.vilam.assistant.chat.memory.LastingChatMemoryStore} is a LangChain4j {@code ChatMemoryStore}
 * over two small interfaces without any type of LangChain4j, for which there are files here and may be a database elsewhere; pictures
 * are kept once, by the sha256 of their file, and messages name them.
 */
@NullMarked
package org.vilam.assistant.chat.memory;

import org.jspecify.annotations.NullMarked;

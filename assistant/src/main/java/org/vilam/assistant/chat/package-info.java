/**
 * The assistant as LangChain4j chat models. {@link org.vilam.assistant.chat.VilamChatModel} and {@link
 * org.vilam.assistant.chat.VilamStreamingChatModel} read a conversation with pictures, ask the {@link
 * org.vilam.assistant.Assistant} and answer in sentences or in the canonical JSON; a conversation without a picture goes to a
 * {@link org.vilam.assistant.chat.Language} where there is one. Nothing is fetched from a network.
 */
@NullMarked
package org.vilam.assistant.chat;

import org.jspecify.annotations.NullMarked;

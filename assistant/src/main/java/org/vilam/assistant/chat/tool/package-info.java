/**
 * The heads as tools, and language models that call them. {@link org.vilam.assistant.chat.tool.GroundingTools} are LangChain4j
 * {@code @Tool}s for any model that calls tools; a {@link org.vilam.assistant.chat.tool.ToolDialogue} is an {@link
 * org.vilam.assistant.Assistant} whose words come from an OpenAI-compatible server such as llama-server, vLLM or Ollama, and whose
 * places come from those tools (as ViLaM's, section 3, come from its own language model).
 */
@NullMarked
package org.vilam.assistant.chat.tool;

import org.jspecify.annotations.NullMarked;

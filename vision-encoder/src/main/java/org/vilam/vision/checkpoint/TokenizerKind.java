package org.vilam.vision.checkpoint;

/** How the words of a model are kept in the file its authors publish. */
public enum TokenizerKind {
    /** LLaMA's SentencePiece {@code tokenizer.model}: byte pairs, ids as in the file. */
    LLAMA,
    /** BEiT-3's {@code beit3.spm}: SentencePiece unigrams with XLM-R's ids around them. */
    XLM_ROBERTA,
    /** BERT's {@code vocab.txt}: one word piece a line, lower case. */
    BERT,
    /** CLIP's byte pairs, as Hugging Face's {@code tokenizer.json}. */
    CLIP
}

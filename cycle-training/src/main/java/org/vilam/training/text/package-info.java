/**
 * The training of a tokenizer: byte-level byte-pair encoding (Sennrich et al. 2016, arXiv:1508.07909; on bytes as in GPT-2,
 * Radford et al. 2019) over the sentences of a data set. The result is a {@code tokenizer.json} that Hugging Face tokenizers
 * reads. The same sentences in any order give the same bytes.
 */
@NullMarked
package org.vilam.training.text;

import org.jspecify.annotations.NullMarked;

/**
 * Scores of generated text against reference texts: BLEU, CIDEr-D, METEOR and the tokens they count.
 *
 * <p>The definitions are those of the COCO caption evaluation (Chen et al. 2015, the {@code pycocoevalcap} tool), so numbers
 * compare with published REG results; where a part of that tool cannot run here the class page says what differs.
 * Scores are fractions as the papers define them: BLEU and METEOR in [0, 1], CIDEr-D in [0, 10].
 */
@NullMarked
package org.vilam.grounding.metrics.caption;

import org.jspecify.annotations.NullMarked;

package org.vilam.grounding.c3vg;

import org.vilam.vision.checkpoint.KeyMap;

/** Official checkpoints of C3VG. */
public final class C3VgCheckpoint {
    /**
     * From an official checkpoint to the encoder ({@code vis_enc.beit3}) and head ({@code head}) here: takes off what distributed
     * training puts before names, and leaves out the counters of the batch norms, which nothing reads, and the mask token, which
     * only pre-training needs.
     */
    public static final KeyMap KEYS = KeyMap.builder()
            .drop("{p:.*}num_batches_tracked")
            .drop("{p:.*}vision_embed.mask_token")
            .rename("module.{rest:.+}", "{rest}")
            .build();

    private C3VgCheckpoint() {}
}

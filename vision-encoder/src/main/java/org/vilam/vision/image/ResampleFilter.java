package org.vilam.vision.image;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The rule by which an image is brought to another size; each equals one call of the tool it is named after. */
public enum ResampleFilter {
    /** Pillow {@code resize(size, NEAREST)}: the pixel under the output pixel's centre. */
    PIL_NEAREST(true),
    /** Pillow {@code resize(size, BILINEAR)}: triangle filter that widens when shrinking. */
    PIL_BILINEAR(false),
    /** Pillow {@code resize(size, BICUBIC)}: cubic filter, coefficient -0.5, that widens when shrinking. */
    PIL_BICUBIC(false),
    /** {@code cv2.resize(..., INTER_NEAREST)}: the pixel at or below {@code i * in / out}. */
    OPENCV_NEAREST(true),
    /** {@code cv2.resize(..., INTER_LINEAR)}: two neighbours a side, no smoothing; exact halving averages 2 x 2 pixels. */
    OPENCV_LINEAR(false),
    /** {@code torch.nn.functional.interpolate(mode="nearest")}: as OpenCV's, in float32. */
    TORCH_NEAREST(true),
    /** {@code torch.nn.functional.interpolate(mode="bilinear", align_corners=False)}: no smoothing, float32 result. */
    TORCH_BILINEAR(false),
    /** {@code torch.nn.functional.interpolate(mode="bicubic", align_corners=False)}: coefficient -0.75, no smoothing. */
    TORCH_BICUBIC(false);

    private final boolean nearest;

    ResampleFilter(boolean nearest) {
        this.nearest = nearest;
    }

    /** Whether every output pixel is a copy of one source pixel, as masks and label maps need. */
    public boolean nearest() {
        return nearest;
    }

    /** Whether the result is float32 rather than 8-bit in the tool itself. */
    public boolean continuous() {
        return this == TORCH_BILINEAR || this == TORCH_BICUBIC;
    }

    /** The spelling in {@code preprocessor.json}, e.g. {@code pil_bicubic}. */
    @JsonValue
    public String json() {
        return name().toLowerCase(Locale.ROOT);
    }
}

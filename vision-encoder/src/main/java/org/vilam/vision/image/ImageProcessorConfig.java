package org.vilam.vision.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * What happens to a picture before a network sees it: {@code preprocessor.json} of a model folder, in the field names of
 * Hugging Face's {@code preprocessor_config.json} plus {@code fit}, {@code padding} and {@code mask_resample}.
 *
 * <p>Jackson reads it from our own file and from those of Hugging Face processors that resize straight to a fixed size
 * ({@code "resample": 3} is Pillow's code for bicubic). Steps it does not take, such as a centre crop, and unknown fields are
 * refused by name, never skipped.
 *
 * @param size the network's frame
 * @param resample filter for pictures
 * @param maskResample nearest filter for target masks
 * @param fit how pictures of another shape are brought into the frame
 * @param padding what fills the rest of the frame
 * @param rescaleFactor applied to 0..255 first, usually 1/255
 * @param imageMean subtracted from red, green and blue after rescaling
 * @param imageStd divisors after that, positive
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ImageProcessorConfig(
        Size size,
        ResampleFilter resample,
        ResampleFilter maskResample,
        FitMode fit,
        Padding padding,
        double rescaleFactor,
        List<Double> imageMean,
        List<Double> imageStd) {
    /** Means of CLIP's training pictures (OpenAI CLIP, {@code clip/clip.py}). */
    public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    /** Standard deviations of CLIP's training pictures. */
    public static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
    /** Means of ImageNet. */
    public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
    /** Standard deviations of ImageNet. */
    public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
    /** As mean and as standard deviation: values from -1 to 1 (timm's "Inception" constants). */
    public static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    /** InstructBLIP and ViLaM: 224 x 224, aspect ignored, Pillow bicubic, CLIP constants (LAVIS {@code blip_processors}). */
    public static final ImageProcessorConfig VILAM = squash(224, ResampleFilter.PIL_BICUBIC, CLIP_MEAN, CLIP_STD);
    /** BEiT-3 fine-tuning and inference: aspect ignored, Pillow bicubic, 0.5 constants (unilm {@code beit3/datasets.py}). */
    public static final ImageProcessorConfig BEIT3 = squash(224, ResampleFilter.PIL_BICUBIC, HALF, HALF);
    /** SimVG: 640 x 640, aspect ignored, OpenCV bilinear, ImageNet constants. */
    public static final ImageProcessorConfig SIMVG =
            squash(640, ResampleFilter.OPENCV_LINEAR, IMAGENET_MEAN, IMAGENET_STD);
    /** C3VG: as SimVG at 320 x 320. */
    public static final ImageProcessorConfig C3VG = SIMVG.withSize(320);
    /** OneRef evaluation: long side to 384, Pillow bilinear, centred, zeros after normalisation (the mean colour). */
    public static final ImageProcessorConfig ONEREF = new ImageProcessorConfig(
            Size.square(384),
            ResampleFilter.PIL_BILINEAR,
            ResampleFilter.TORCH_NEAREST,
            FitMode.TRANSVG,
            Padding.ZERO_AFTER_NORMALIZATION,
            1 / 255.0,
            IMAGENET_MEAN,
            IMAGENET_STD);
    /** What OneRef's VQ-KD tokenizer sees: the same frame with black padding, values from -1 to 1. */
    public static final ImageProcessorConfig ONEREF_TOKENIZER =
            ONEREF.withPadding(Padding.BLACK).withNormalization(HALF, HALF);
    /** HiVG: as OneRef at 224 x 224 (ImageNet constants, not CLIP's). */
    public static final ImageProcessorConfig HIVG = ONEREF.withSize(224);

    /** Checks every field. */
    public ImageProcessorConfig {
        Objects.requireNonNull(size, "size");
        Objects.requireNonNull(resample, "resample");
        Objects.requireNonNull(maskResample, "maskResample");
        Objects.requireNonNull(fit, "fit");
        Objects.requireNonNull(padding, "padding");
        imageMean = List.copyOf(imageMean);
        imageStd = List.copyOf(imageStd);
        require(maskResample.nearest(), "mask_resample", "one of the nearest filters", maskResample.json());
        require(rescaleFactor > 0 && rescaleFactor <= 1, "rescale_factor", "above 0 and at most 1", rescaleFactor);
        require(threeNumbers(imageMean), "image_mean", "three finite numbers", imageMean);
        require(
                threeNumbers(imageStd) && imageStd.stream().allMatch(s -> s > 0),
                "image_std",
                "three positive numbers",
                imageStd);
    }

    /**
     * Reads a configuration.
     *
     * @throws VilamException INVALID_ARGUMENT naming the field that is missing, unknown or out of range
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ImageProcessorConfig fromJson(JsonNode json) {
        return new PreprocessorJson(json).read();
    }

    /** The same for another square frame. */
    public ImageProcessorConfig withSize(int side) {
        return withSize(new Size(side, side));
    }

    /** The same for another frame. */
    public ImageProcessorConfig withSize(Size other) {
        return new ImageProcessorConfig(
                other, resample, maskResample, fit, padding, rescaleFactor, imageMean, imageStd);
    }

    /** The same with another way of fitting. */
    public ImageProcessorConfig withFit(FitMode other) {
        return new ImageProcessorConfig(
                size, resample, maskResample, other, padding, rescaleFactor, imageMean, imageStd);
    }

    /** The same with another padding. */
    public ImageProcessorConfig withPadding(Padding other) {
        return new ImageProcessorConfig(size, resample, maskResample, fit, other, rescaleFactor, imageMean, imageStd);
    }

    /** The same with another filter for pictures. */
    public ImageProcessorConfig withResample(ResampleFilter other) {
        return new ImageProcessorConfig(size, other, maskResample, fit, padding, rescaleFactor, imageMean, imageStd);
    }

    /** The same with other constants of normalisation. */
    public ImageProcessorConfig withNormalization(List<Double> mean, List<Double> std) {
        return new ImageProcessorConfig(size, resample, maskResample, fit, padding, rescaleFactor, mean, std);
    }

    private static ImageProcessorConfig squash(int side, ResampleFilter resample, List<Double> mean, List<Double> std) {
        return new ImageProcessorConfig(
                Size.square(side),
                resample,
                ResampleFilter.OPENCV_NEAREST,
                FitMode.SQUASH,
                Padding.ZERO_AFTER_NORMALIZATION,
                1 / 255.0,
                mean,
                std);
    }

    private static boolean threeNumbers(List<Double> values) {
        return values.size() == 3 && values.stream().allMatch(Double::isFinite);
    }

    static void require(boolean holds, String field, String wanted, Object got) {
        if (!holds) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "preprocessor field " + field + " must be " + wanted + ", got " + got,
                    "Correct " + field + " in the model folder's preprocessor.json.");
        }
    }

    /**
     * The network's frame.
     *
     * @param height pixels down, 1..16384
     * @param width pixels across, 1..16384
     */
    public record Size(int height, int width) {
        /** Checks the range. */
        public Size {
            require(
                    height >= 1 && width >= 1 && height <= 16384 && width <= 16384,
                    "size",
                    "sides from 1 to 16384",
                    height + " x " + width);
        }

        /** A square frame. */
        public static Size square(int side) {
            return new Size(side, side);
        }
    }

    /**
     * What fills the frame outside the picture.
     *
     * @param stage when it is filled in
     * @param value red, green and blue; 0..255 grey levels {@link Stage#BEFORE_NORMALIZATION}, finished network inputs
     *     {@link Stage#AFTER_NORMALIZATION}
     */
    public record Padding(Stage stage, List<Double> value) {
        /** Zeros in the finished input, the mean colour in terms of pixels. */
        public static final Padding ZERO_AFTER_NORMALIZATION =
                new Padding(Stage.AFTER_NORMALIZATION, List.of(0.0, 0.0, 0.0));
        /** Black pixels, normalised like the rest. */
        public static final Padding BLACK = new Padding(Stage.BEFORE_NORMALIZATION, List.of(0.0, 0.0, 0.0));

        /** Checks the range. */
        public Padding {
            Objects.requireNonNull(stage, "stage");
            value = List.copyOf(value);
            require(threeNumbers(value), "padding.value", "three finite numbers", value);
            require(
                    stage == Stage.AFTER_NORMALIZATION || value.stream().allMatch(v -> v >= 0 && v <= 255),
                    "padding.value",
                    "three grey levels from 0 to 255",
                    value);
        }

        /** Pixels of one colour, 0..255 each, normalised like the rest. */
        public static Padding colour(int red, int green, int blue) {
            return new Padding(Stage.BEFORE_NORMALIZATION, List.of((double) red, (double) green, (double) blue));
        }

        /** When the padding is filled in. */
        public enum Stage {
            /** As pixels, which are then normalised. */
            BEFORE_NORMALIZATION,
            /** As network inputs. */
            AFTER_NORMALIZATION;

            /** The spelling in {@code preprocessor.json}. */
            @JsonValue
            public String json() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }
}

package org.vilam.vision.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which linear layers get a low-rank adapter, and of what kind (Hu et al. 2021, "LoRA", section 4.1): in place of {@code W x}
 * such a layer gives {@code W x + alpha / rank * B A dropout(x)}, with {@code A} (rank, D) and {@code B} (E, rank).
 *
 * <p>A layer is named as its weight without {@code .weight}, such as {@code model.layers.0.self_attn.q_proj}.
 *
 * @param rank rows of A, at least 1
 * @param alpha above 0; what it is divided by {@code rank} for is that the rank can be changed without a new learning rate
 * @param dropout rate at which the input of A is dropped in training, 0 up to but not including 1
 * @param targets the layers, by name
 */
public record LoraConfig(int rank, double alpha, double dropout, Predicate<String> targets) {
    static final String A = ".lora_A.weight";
    static final String B = ".lora_B.weight";

    /** Checks the ranges. */
    public LoraConfig {
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be 1 or more, got " + rank);
        }
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha must be above 0, got " + alpha);
        }
        Dropout.kept(dropout);
    }

    /** What B A is multiplied by. */
    double scale() {
        return alpha / rank;
    }

    /**
     * The layers that are called one of these names, or whose last names are: {@code q_proj} means that of every block, as in
     * the {@code target_modules} of peft.
     */
    public static Predicate<String> layersNamed(String... names) {
        List<String> all = List.copyOf(Arrays.asList(names));
        return layer -> all.stream().anyMatch(name -> layer.equals(name) || layer.endsWith("." + name));
    }

    /**
     * The layers in some blocks of a stack.
     *
     * @param stack what the blocks are numbered below, such as {@code vision_model.encoder.layers}; names may stand before it
     * @param from the first block
     * @param to one past the last block
     */
    public static Predicate<String> blocks(String stack, int from, int to) {
        Pattern numbered = Pattern.compile("(?:.*\\.)?" + Pattern.quote(stack) + "\\.(\\d{1,9})\\..*");
        return layer -> {
            Matcher matcher = numbered.matcher(layer);
            return matcher.matches() && from <= number(matcher) && number(matcher) < to;
        };
    }

    private static int number(Matcher matcher) {
        return Integer.parseInt(matcher.group(1));
    }

    /**
     * The stages of hierarchical adaptation (HiLoRA; Xiao et al. 2024, "HiVG", section 3.3): each lets the layers of the first
     * so many blocks learn, from the shallow to the deep, so that later blocks adapt to what earlier ones have become.
     * HiVG's vision tower has the depths 5, 8 and 12. Where a stage is to keep what earlier ones learned as it is, give
     * {@link #blocks} of the new blocks alone.
     *
     * @param stack as in {@link #blocks}
     * @param depths how many blocks learn in each stage, none less than the one before
     */
    public static List<Predicate<String>> stages(String stack, int... depths) {
        for (int i = 0; i < depths.length; i++) {
            if (depths[i] < (i == 0 ? 0 : depths[i - 1])) {
                throw new IllegalArgumentException(
                        "each stage reaches as deep as the one before, got " + Arrays.toString(depths));
            }
        }
        return Arrays.stream(depths).mapToObj(depth -> blocks(stack, 0, depth)).toList();
    }

    /**
     * The weights of the adapters of some layers, for {@link Parameters#requireGradients(Predicate)}: of a network's weights
     * these learn, and no others.
     *
     * @param layers by name, such as a {@linkplain #stages stage}; {@code layer -> true} for all
     */
    public static Predicate<String> adaptersOf(Predicate<String> layers) {
        return parameter -> (parameter.endsWith(A)
                        && layers.test(parameter.substring(0, parameter.length() - A.length())))
                || (parameter.endsWith(B) && layers.test(parameter.substring(0, parameter.length() - B.length())));
    }
}

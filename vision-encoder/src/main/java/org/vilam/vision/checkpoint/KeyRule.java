package org.vilam.vision.checkpoint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a {@link KeyMap}. */
sealed interface KeyRule {
    KeyRule reversed();

    /** One tensor to one tensor. */
    record Rename(KeyTemplate from, KeyTemplate to, boolean transposed) implements KeyRule {
        @Override
        public KeyRule reversed() {
            return new Rename(to, from, transposed);
        }
    }

    /**
     * Several tensors and one that holds their rows.
     *
     * @param whole the one
     * @param parts its stretches of rows, in order
     * @param names their templates; null for constant parts
     * @param joining from the parts to the whole, else the other way
     */
    record Join(KeyTemplate whole, List<KeyMap.Part> parts, List<@Nullable KeyTemplate> names, boolean joining)
            implements KeyRule {
        static Join of(String whole, List<KeyMap.Part> parts, boolean joining) {
            List<String> texts = new ArrayList<>(List.of(whole));
            parts.stream().filter(part -> !part.constant()).forEach(part -> texts.add(part.name()));
            if (texts.size() == 1) {
                throw new IllegalArgumentException("no part of " + whole + " has a name");
            }
            List<KeyTemplate> templates = KeyTemplate.together(texts);
            List<@Nullable KeyTemplate> names = new ArrayList<>();
            int next = 1;
            for (KeyMap.Part part : parts) {
                names.add(part.constant() ? null : templates.get(next++));
            }
            return new Join(templates.get(0), parts, names, joining);
        }

        @Override
        public KeyRule reversed() {
            return new Join(whole, parts, names, !joining);
        }

        int shares() {
            return parts.stream().mapToInt(KeyMap.Part::share).sum();
        }
    }

    /** A tensor of one value: added, or, the other way, left out. */
    record Constant(TensorInfo info, double value, boolean adding) implements KeyRule {
        @Override
        public KeyRule reversed() {
            return new Constant(info, value, !adding);
        }
    }

    /** A tensor that is left out; turned round there is nothing to leave out. */
    record Drop(@Nullable KeyTemplate name) implements KeyRule {
        @Override
        public KeyRule reversed() {
            return new Drop(null);
        }
    }
}

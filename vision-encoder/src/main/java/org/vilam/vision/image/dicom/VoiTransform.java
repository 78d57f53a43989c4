package org.vilam.vision.image.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.GreyWindow;
import org.vilam.vision.image.ImageWarning;

/**
 * Modality values to grey levels (PS3.3 section C.11.2).
 *
 * @param window what is said of it
 * @param level modality value to grey level, 0..255 before rounding
 */
record VoiTransform(GreyWindow window, DoubleUnaryOperator level) {

    /**
     * The transformation to use: the requested window, else the first VOI table, else the first window, else an automatic
     * one.
     *
     * @param scope where the elements of the first frame stand
     * @param signed whether modality values can be negative
     */
    static VoiTransform of(
            @Nullable GreyWindow requested,
            DataSet scope,
            boolean signed,
            Supplier<GreyWindow> automatic,
            List<ImageWarning> warnings) {
        if (requested != null) {
            return between(requested);
        }
        List<DataSet> tables = scope.items(Tag.VOI_LUT_SEQUENCE);
        if (!tables.isEmpty()) {
            List<String> names = new ArrayList<>();
            tables.forEach(item -> names.add(explanation(item.text(Tag.LUT_EXPLANATION))));
            names.addAll(windowNames(scope));
            warnOfOthers(names, warnings);
            return table(LookupTable.read(tables.get(0), Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, signed));
        }
        VoiTransform window = window(scope, warnings);
        return window == null ? between(automatic.get()) : window;
    }

    private static VoiTransform table(LookupTable table) {
        // A table of one entry makes a constant picture; a window must not be empty all the same.
        int last = Math.max(table.last(), table.first() + 1);
        return new VoiTransform(new GreyWindow(table.first(), last, GreyWindow.Source.VOI_LUT), table::level);
    }

    private static VoiTransform between(GreyWindow window) {
        double low = window.low();
        double high = window.high();
        // Half of each end: their difference may be beyond what a double holds.
        double width = high / 2 - low / 2;
        return new VoiTransform(window, x -> x <= low ? 0 : x >= high ? 255 : (x / 2 - low / 2) / width * 255);
    }

    private static @Nullable VoiTransform window(DataSet scope, List<ImageWarning> warnings) {
        if (!scope.has(Tag.WINDOW_CENTER) || !scope.has(Tag.WINDOW_WIDTH)) {
            return null;
        }
        double[] centers = scope.numbers(Tag.WINDOW_CENTER);
        double[] widths = scope.numbers(Tag.WINDOW_WIDTH);
        if (centers == null || widths == null) {
            warnings.add(new ImageWarning(
                    "bad_value", Tag.WINDOW_CENTER + " or " + Tag.WINDOW_WIDTH + " is not a number and was not used."));
            return null;
        }
        double center = centers[0];
        double width = widths[0];
        if (width <= 0) {
            warnings.add(new ImageWarning(
                    "bad_value", Tag.WINDOW_WIDTH + " is not greater than 0 and the window was not used."));
            return null;
        }
        warnOfOthers(windowNames(scope), warnings);
        String function = scope.has(Tag.VOI_LUT_FUNCTION)
                ? String.valueOf(scope.text(Tag.VOI_LUT_FUNCTION)).toUpperCase(Locale.ROOT)
                : "LINEAR";
        return switch (function) {
            case "LINEAR_EXACT" -> linearExact(center, width);
            case "SIGMOID" -> sigmoid(center, width, warnings);
            default -> {
                if (!function.equals("LINEAR")) {
                    warnings.add(new ImageWarning(
                            "bad_value", Tag.VOI_LUT_FUNCTION + " is unknown and was taken as LINEAR."));
                }
                // LINEAR is not defined below 1; files with such widths mean the plain ratio (seen where slopes are
                // small).
                yield width < 1 ? linearExact(center, width) : linear(center, width);
            }
        };
    }

    /** PS3.3 section C.11.2.1.2.1, equation C.11-1. */
    private static VoiTransform linear(double center, double width) {
        double low = center - 0.5 - (width - 1) / 2;
        double high = center - 0.5 + (width - 1) / 2;
        return new VoiTransform(voi(low, high), x -> {
            if (x <= low) {
                return 0;
            }
            return x > high ? 255 : ((x - (center - 0.5)) / (width - 1) + 0.5) * 255;
        });
    }

    /** PS3.3 section C.11.2.1.3.2. */
    private static VoiTransform linearExact(double center, double width) {
        double low = center - width / 2;
        double high = center + width / 2;
        return new VoiTransform(voi(low, high), x -> {
            if (x <= low) {
                return 0;
            }
            return x > high ? 255 : ((x - center) / width + 0.5) * 255;
        });
    }

    /** PS3.3 section C.11.2.1.3.1. */
    private static VoiTransform sigmoid(double center, double width, List<ImageWarning> warnings) {
        warnings.add(new ImageWarning(
                "sigmoid_window",
                "The window is a sigmoid: its two values are not the ends, but where a straight one would end."));
        return new VoiTransform(
                voi(center - width / 2, center + width / 2), x -> 255 / (1 + Math.exp(-4 * (x - center) / width)));
    }

    /** A window of a positive width, be it the smallest there is: of width 1 both ends are one step (LINEAR). */
    private static GreyWindow voi(double low, double high) {
        return new GreyWindow(low, Math.max(high, Math.nextUp(low)), GreyWindow.Source.VOI_WINDOW);
    }

    private static List<String> windowNames(DataSet scope) {
        double[] centers = scope.numbers(Tag.WINDOW_CENTER);
        double[] widths = scope.numbers(Tag.WINDOW_WIDTH);
        if (centers == null || widths == null) {
            return List.of();
        }
        String text = scope.text(Tag.WINDOW_EXPLANATION);
        String[] explanations = text == null ? new String[0] : text.split("\\\\", -1);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < Math.min(Math.min(centers.length, widths.length), DataSetParser.MAX_ITEMS); i++) {
            names.add(explanation(i < explanations.length ? explanations[i] : null));
        }
        return names;
    }

    /** What the file calls a window, shortened to what can be printed: it is free text of up to 64 letters. */
    private static String explanation(@Nullable String text) {
        String printable = text == null ? "" : text.replaceAll("[^ -~]", "?").strip();
        return printable.isEmpty() ? "unnamed" : printable.substring(0, Math.min(64, printable.length()));
    }

    private static void warnOfOthers(List<String> names, List<ImageWarning> warnings) {
        if (names.size() > 1) {
            warnings.add(new ImageWarning(
                    "other_windows",
                    "The file offers " + names.size() + " windows; the first (" + names.get(0)
                            + ") was used, the others are: " + String.join(", ", names.subList(1, names.size()))
                            + "."));
        }
    }
}

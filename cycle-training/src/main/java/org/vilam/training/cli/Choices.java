package org.vilam.training.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vilam.training.evaluate.Split;
import org.vilam.training.scene.SceneFamily;
import org.vilam.training.scene.SceneWorld;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads option values that several commands share; what cannot be meant is refused as a mistake of the command line. */
final class Choices {
    private Choices() {}

    static Split split(CommandSpec spec, String name) {
        return Arrays.stream(Split.values())
                .filter(split -> split.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> refused(
                        spec, "there is no split '" + name + "'; there are " + Arrays.toString(Split.values())));
    }

    /** The names, each checked to be that of a family. */
    static List<String> families(CommandSpec spec, List<String> names) {
        List<String> known =
                SceneWorld.families().stream().map(SceneFamily::name).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw refused(spec, "there is no family '" + name + "'; there are " + known);
        });
        return names;
    }

    /** The families of a split by these names. */
    static List<SceneFamily> families(CommandSpec spec, List<String> names, Split split) {
        List<SceneFamily> out = new ArrayList<>();
        for (String name : families(spec, names)) {
            out.add(split.families().stream()
                    .filter(family -> family.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> refused(spec, "the family " + name + " has no split " + split)));
        }
        return out;
    }

    static void positive(CommandSpec spec, String option, int value) {
        if (value < 1) {
            throw refused(spec, option + " must be above 0");
        }
    }

    private static ParameterException refused(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}

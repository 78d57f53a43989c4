package org.vilam.web.format;

import java.util.ArrayList;
import java.util.List;
import org.vilam.grounding.result.FoundObject;

/** The labels of some results, numbered in the order they first appear. */
final class Categories {
    private final List<String> names = new ArrayList<>();

    Categories(List<AnnotatedImage> images) {
        for (AnnotatedImage image : images) {
            for (FoundObject object : image.result().objects()) {
                if (!names.contains(object.label())) {
                    names.add(object.label());
                }
            }
        }
    }

    /** The labels in order. */
    List<String> names() {
        return names;
    }

    /** The number of an object's label, from 0. */
    int index(FoundObject object) {
        return names.indexOf(object.label());
    }
}

package org.vilam.grounding.result;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.Converter;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.function.Function;
import org.vilam.vision.geometry.Box;
import org.vilam.vision.geometry.Point;
import org.vilam.vision.geometry.Rle;

/** Boxes, points and masks in JSON; polygons are written as the records they are. */
final class GeometryModule extends SimpleModule {
    private static final long serialVersionUID = 1L;
    private static final String FORMAT = "coco_rle";

    GeometryModule() {
        super("geometry");
        add(Box.class, double[].class, GeometryModule::write, GeometryModule::box);
        add(Point.class, double[].class, p -> new double[] {p.x(), p.y()}, GeometryModule::point);
        add(Rle.class, CocoRle.class, GeometryModule::write, GeometryModule::rle);
    }

    /** COCO's compressed run lengths: size is height, width. */
    record CocoRle(String format, List<Integer> size, String counts) {}

    private <T, J> void add(Class<T> type, Class<J> json, Function<T, J> write, Function<J, T> read) {
        addSerializer(type, new StdDelegatingSerializer(type, converter(type, json, write)));
        addDeserializer(type, new StdDelegatingDeserializer<>(converter(json, type, read)));
    }

    private static <A, B> Converter<A, B> converter(Class<A> from, Class<B> to, Function<A, B> function) {
        return new StdConverter<>() {
            @Override
            public B convert(A value) {
                return function.apply(value);
            }

            @Override
            public JavaType getInputType(TypeFactory types) {
                return types.constructType(from);
            }

            @Override
            public JavaType getOutputType(TypeFactory types) {
                return types.constructType(to);
            }
        };
    }

    private static double[] write(Box box) {
        return new double[] {box.x1(), box.y1(), box.x2(), box.y2()};
    }

    private static Box box(double[] xyxy) {
        if (xyxy.length != 4) {
            throw FoundObject.invalid("a box has 4 numbers, x1, y1, x2, y2, not " + xyxy.length);
        }
        return new Box(xyxy[0], xyxy[1], xyxy[2], xyxy[3]);
    }

    private static Point point(double[] xy) {
        if (xy.length != 2) {
            throw FoundObject.invalid("a point has 2 numbers, x, y, not " + xy.length);
        }
        return new Point(xy[0], xy[1]);
    }

    private static CocoRle write(Rle rle) {
        return new CocoRle(FORMAT, List.of(rle.height(), rle.width()), rle.toCompressedString());
    }

    private static Rle rle(CocoRle coco) {
        if (!coco.format().equals(FORMAT)) {
            throw FoundObject.invalid("format: \"" + coco.format() + "\" is not \"" + FORMAT + "\"");
        }
        if (coco.size().size() != 2) {
            throw FoundObject.invalid("size: " + coco.size() + " is not height, width");
        }
        return Rle.parse(coco.size().get(1), coco.size().get(0), coco.counts());
    }
}

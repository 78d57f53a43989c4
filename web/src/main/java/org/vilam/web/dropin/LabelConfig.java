package org.vilam.web.dropin;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What a Label Studio project labels, from its labelling set-up.
 *
 * @param imageName name of the picture's tag
 * @param imageField the task's field that has the picture
 * @param control name of the tag with the labels
 * @param outlines whether polygons are labelled and not rectangles
 * @param labels their values
 */
record LabelConfig(String imageName, String imageField, String control, boolean outlines, List<String> labels) {
    LabelConfig {
        labels = List.copyOf(labels);
    }

    /** @throws VilamException INVALID_ARGUMENT where it labels no rectangles or polygons on a picture */
    static LabelConfig parse(String xml) {
        Document document = document(xml);
        Element image = first(document, "Image");
        for (String tag : List.of("RectangleLabels", "PolygonLabels")) {
            Element control = first(document, tag);
            if (image != null && control != null && image.getAttribute("value").startsWith("$")) {
                List<String> labels = new ArrayList<>();
                NodeList children = control.getElementsByTagName("Label");
                for (int i = 0; i < children.getLength(); i++) {
                    labels.add(((Element) children.item(i)).getAttribute("value"));
                }
                labels.removeIf(String::isBlank);
                return new LabelConfig(
                        image.getAttribute("name"),
                        image.getAttribute("value").substring(1),
                        control.getAttribute("name"),
                        tag.equals("PolygonLabels"),
                        labels);
            }
        }
        throw new VilamException(
                ErrorCode.INVALID_ARGUMENT,
                "label_config: it labels no rectangles or polygons on a picture",
                "Use <Image value=\"$image\"/> with <RectangleLabels> or <PolygonLabels>.");
    }

    private static @Nullable Element first(Document document, String tag) {
        return (Element) document.getElementsByTagName(tag).item(0);
    }

    /** Reads XML that comes from elsewhere: no document type, and so no entities. */
    private static Document document(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null); // it would print to standard error
            return builder.parse(new InputSource(new StringReader(xml)));
        } catch (SAXException | IOException e) {
            throw new VilamException(
                    ErrorCode.INVALID_ARGUMENT,
                    "label_config: this is not XML",
                    "Send the project's labelling set-up.",
                    e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every Java platform has these features", e);
        }
    }
}

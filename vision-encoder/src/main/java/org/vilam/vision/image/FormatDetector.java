package org.vilam.vision.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.vilam.vision.image.dicom.DicomReader;

/** Tells the format by the file's first bytes, never by its name, and refuses by name what is not read. */
final class FormatDetector {
    private static final int TEXT_PEEK = 4096;
    private static final String EXPORT_2D =
            "Open it in an image program and export the picture or slice you need as PNG, TIFF or DICOM.";

    private FormatDetector() {}

    /** @throws org.vilam.vision.error.VilamException IMAGE_UNSUPPORTED naming the format, for one that is not read */
    static ImageFormat detect(byte[] file) {
        ImageFormat format = known(file);
        if (format != null) {
            return format;
        }
        if (file.length == 0) {
            throw DecodeErrors.unsupported("an empty file", "Send the bytes of an image.");
        }
        refuseContainers(file);
        refuseOthers(file);
        if (DicomReader.looksLikeDicom(ByteBuffer.wrap(file))) { // also one without preamble and magic
            return ImageFormat.DICOM;
        }
        refuseText(file);
        throw DecodeErrors.unsupported("the file's format is unknown (it begins with " + hex(file) + ") and");
    }

    private static @Nullable ImageFormat known(byte[] file) {
        if (starts(file, 0xFF, 0xD8)) {
            return ImageFormat.JPEG;
        }
        if (starts(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
            return ImageFormat.PNG;
        }
        if (ascii(file, 0, "GIF87a") || ascii(file, 0, "GIF89a")) {
            return ImageFormat.GIF;
        }
        if (ascii(file, 128, "DICM")) { // before TIFF: a DICOM preamble may be a TIFF header (PS3.10 section 7.1)
            return ImageFormat.DICOM;
        }
        if (isTiff(file)) {
            refuseCameraRaw(file);
            return ImageFormat.TIFF;
        }
        if (ascii(file, 0, "RIFF") && ascii(file, 8, "WEBP")) {
            return ImageFormat.WEBP;
        }
        if (ascii(file, 0, "BM") && file.length >= 18 && file[15] == 0 && file[16] == 0 && file[17] == 0) {
            return ImageFormat.BMP; // with a plausible header length, as two letters alone are weak evidence
        }
        if (file.length > 2 && file[0] == 'P' && file[1] >= '1' && file[1] <= '7' && isSpaceOrComment(file[2])) {
            return ImageFormat.PNM;
        }
        return null;
    }

    private static boolean isTiff(byte[] file) {
        return starts(file, 'I', 'I', 42, 0)
                || starts(file, 'M', 'M', 0, 42)
                || starts(file, 'I', 'I', 43, 0)
                || starts(file, 'M', 'M', 0, 43);
    }

    private static void refuseCameraRaw(byte[] file) {
        if (ascii(file, 8, "CR\2")) {
            throw DecodeErrors.unsupported("camera raw (Canon CR2)", EXPORT_2D);
        }
    }

    /** ISO base media files (HEIF and its kin): a box of type ftyp with brands. */
    private static void refuseContainers(byte[] file) {
        if (starts(file, 0, 0, 0, 12, 'J', 'X', 'L', ' ') || starts(file, 0xFF, 0x0A)) {
            throw DecodeErrors.unsupported("JPEG XL");
        }
        if (starts(file, 0, 0, 0, 12, 'j', 'P', ' ', ' ') || starts(file, 0xFF, 0x4F, 0xFF, 0x51)) {
            throw DecodeErrors.unsupported("JPEG 2000");
        }
        if (!ascii(file, 4, "ftyp")) {
            return;
        }
        String brands = text(file, 8, Math.min(64, Math.max(4, file[3])));
        if (brands.contains("avif") || brands.contains("avis")) {
            throw DecodeErrors.unsupported("AVIF");
        }
        for (String brand : new String[] {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"}) {
            if (brands.contains(brand)) {
                throw DecodeErrors.unsupported(
                        "HEIC/HEIF",
                        "Convert the photo to JPEG (iPhone: Settings, Camera, Formats, Most Compatible) and try again.");
            }
        }
        if (brands.startsWith("jp2") || brands.startsWith("jpx")) {
            throw DecodeErrors.unsupported("JPEG 2000");
        }
        throw DecodeErrors.unsupported(
                brands.startsWith("crx") ? "camera raw (Canon CR3)" : "video (MP4/QuickTime)", EXPORT_2D);
    }

    private static void refuseOthers(byte[] file) {
        if (starts(file, 0x1F, 0x8B)) {
            refuseGzip(file);
        }
        String name = null;
        if (starts(file, 0, 0, 1, 0) || starts(file, 0, 0, 2, 0)) {
            name = "ICO (Windows icon)";
        } else if (ascii(file, 0, "8BPS")) {
            name = "PSD (Photoshop)";
        } else if (ascii(file, 0, "%PDF")) {
            name = "PDF";
        } else if (ascii(file, 0, "%!PS") || starts(file, 0xC5, 0xD0, 0xD3, 0xC6)) {
            name = "PostScript";
        } else if (starts(file, 0x76, 0x2F, 0x31, 0x01)) {
            name = "OpenEXR";
        } else if (ascii(file, 0, "#?RADIANCE") || ascii(file, 0, "#?RGBE")) {
            name = "Radiance HDR";
        } else if (starts(file, 'I', 'I', 0xBC, 1)) {
            name = "JPEG XR";
        } else if (ascii(file, 0, "PF\n") || ascii(file, 0, "Pf\n")) {
            name = "PFM (portable float map)";
        } else if (ascii(file, 0, "DDS ")) {
            name = "DDS";
        } else if (ascii(file, 0, "gimp xcf")) {
            name = "XCF (GIMP)";
        } else if (ascii(file, 0, "qoif")) {
            name = "QOI";
        } else if (ascii(file, 0, "PK\3\4")) {
            name = "ZIP archive";
        }
        if (name == null) {
            name = neuroimaging(file);
        }
        if (name != null) {
            throw DecodeErrors.unsupported(name, EXPORT_2D);
        }
    }

    /** NIfTI-1 and -2, Analyze 7.5 and MGH, by their header lengths and magics. */
    private static @Nullable String neuroimaging(byte[] head) {
        if (starts(head, 0x5C, 1, 0, 0) || starts(head, 0, 0, 1, 0x5C)) {
            return ascii(head, 344, "n+1") || ascii(head, 344, "ni1") ? "NIfTI" : "Analyze 7.5 (.hdr)";
        }
        if (ascii(head, 4, "n+2") || ascii(head, 4, "ni2")) {
            return "NIfTI";
        }
        return null;
    }

    private static void refuseGzip(byte[] file) {
        byte[] head;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            head = in.readNBytes(348);
        } catch (IOException e) {
            head = new byte[0];
        }
        String inside = neuroimaging(head);
        if (inside == null && starts(head, 0, 0, 0, 1)) {
            inside = "MGZ (FreeSurfer)";
        }
        throw DecodeErrors.unsupported(
                inside == null ? "a gzip-compressed file" : inside + ", gzip-compressed,",
                inside == null ? "Decompress it (gunzip) and send the image inside." : EXPORT_2D);
    }

    private static void refuseText(byte[] file) {
        String start = text(file, 0, TEXT_PEEK).toLowerCase(Locale.ROOT);
        if (start.contains("<svg")) {
            throw DecodeErrors.unsupported("SVG", "Render the drawing to PNG and try again.");
        }
        if (start.contains("<html") || start.contains("<!doctype")) {
            throw DecodeErrors.unsupported(
                    "a web page (HTML)", "Send the image itself: the download probably ended at a page about it.");
        }
    }

    private static boolean isSpaceOrComment(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r' || b == '#';
    }

    private static boolean starts(byte[] file, int... bytes) {
        if (file.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((file[i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean ascii(byte[] file, int at, String text) {
        return file.length >= at + text.length()
                && text(file, at, text.length()).equals(text);
    }

    private static String text(byte[] file, int at, int length) {
        int from = Math.min(at, file.length);
        return new String(file, from, Math.min(length, file.length - from), StandardCharsets.ISO_8859_1);
    }

    private static String hex(byte[] file) {
        StringBuilder hex = new StringBuilder();
        for (byte b : Arrays.copyOf(file, Math.min(8, file.length))) {
            hex.append(String.format("%02x ", b));
        }
        return hex.toString().strip();
    }
}

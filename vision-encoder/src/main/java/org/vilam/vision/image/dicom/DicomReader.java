package org.vilam.vision.image.dicom;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vilam.vision.image.DecodeLimits;
import org.vilam.vision.image.DecodeOptions;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.GreyWindow;
import org.vilam.vision.image.ImageFormat;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.ImageWarning;
import org.vilam.vision.image.PixelSpacing;
import org.vilam.vision.image.RgbImage;

/**
 * Reads a DICOM file as one 8-bit RGB picture: its only or first frame, as a viewer shows it first.
 *
 * <p>Grey values pass the modality transformation (table, or slope and intercept) and then the requested window, else the
 * file's first VOI table, else its first window, else the 0.5th to 99.5th percentile without padding; of unsigned grey levels
 * of at most 8 bits without modality transformation the full range instead of percentiles. Overlays, presentation states, ICC
 * profiles and supplemental palettes are not applied.
 *
 * <p>Transfer syntaxes: implicit and explicit VR, both byte orders, deflated, encapsulated uncompressed, RLE, JPEG of 8 bits
 * (baseline and extended) and JPEG lossless. Elements that identify a patient are neither kept nor repeated.
 */
public final class DicomReader {
    private DicomReader() {}

    /**
     * Whether these bytes are a DICOM file, with or without preamble and file meta information.
     *
     * @param bytes the file, or its beginning of at least 1 KiB, from position to limit; the buffer is left as it was
     */
    public static boolean looksLikeDicom(ByteBuffer bytes) {
        return DicomFile.looksLikeDicom(bytes.slice());
    }

    /**
     * Reads the picture.
     *
     * @param bytes the whole file from position to limit; the buffer is left as it was
     * @param limits sizes are checked before pixels are decoded; the time limit is the caller's to keep
     * @param options of which the window counts, for grey pictures only; it is in modality values
     * @throws org.vilam.vision.error.VilamException {@code IMAGE_UNSUPPORTED} for what is no DICOM file, has no pixels or is
     *     coded in a way that is not read, {@code IMAGE_TOO_LARGE} over a limit, {@code IMAGE_CORRUPT} for a file that
     *     contradicts itself or ends too early
     */
    public static DecodedImage read(ByteBuffer bytes, DecodeLimits limits, DecodeOptions options) {
        ByteBuffer file = bytes.slice();
        if (file.limit() > limits.maxFileBytes()) {
            throw Refusal.tooLarge("the file has " + file.limit() + " bytes, more than " + limits.maxFileBytes());
        }
        if (!DicomFile.looksLikeDicom(file)) {
            throw Refusal.unsupported("this is not a DICOM file", "Give a DICOM file, with or without its preamble.");
        }
        List<ImageWarning> warnings = new ArrayList<>();
        DicomFile dicom = DicomFile.open(file, limits);
        DataSet root = dicom.dataSet();
        DataElement pixelData = root.pixelData();
        if (pixelData == null) {
            throw Refusal.unsupported(
                    "the file holds no picture; it is of the kind " + UidNames.describe(dicom.sopClass()),
                    "Give the image object that belongs to it.");
        }
        PixelFormat format = PixelFormat.of(root, pixelData.tag());
        int frames = frames(root, pixelData, format, warnings);
        checkLimits(dicom, format, frames, limits);
        noteContext(root, format, frames, warnings);
        PixelSpacing spacing = SpacingReader.read(root, warnings);
        StoredSamples samples = FirstFrame.decode(dicom.syntax(), pixelData, format, frames, warnings);

        RgbImage pixels;
        GreyWindow window;
        if (format.photometric().grey()) {
            GreyRendering grey = GreyRendering.of(samples, root, options.window(), warnings);
            pixels = grey.pixels();
            window = grey.window();
        } else {
            if (options.window() != null) {
                warnings.add(new ImageWarning(
                        "window_unused",
                        "The requested grey window was not used: the image is not one of grey levels."));
            }
            pixels = ColourRendering.of(samples, root);
            window = new GreyWindow(0, Math.scalb(1.0, format.bitsStored()) - 1, GreyWindow.Source.FULL_RANGE);
        }
        ImageInfo info = new ImageInfo(
                ImageFormat.DICOM,
                format.columns(),
                format.rows(),
                format.columns(),
                format.rows(),
                1,
                format.bitsStored(),
                format.samples(),
                window,
                spacing,
                ImageInfo.sha256Of(file),
                frames,
                warnings);
        return new DecodedImage(pixels, info);
    }

    private static int frames(DataSet root, DataElement pixelData, PixelFormat format, List<ImageWarning> warnings) {
        if (!root.has(Tag.NUMBER_OF_FRAMES)) {
            return 1;
        }
        double[] numbers = root.numbers(Tag.NUMBER_OF_FRAMES);
        if (numbers != null
                && numbers[0] >= 1
                && numbers[0] <= Integer.MAX_VALUE
                && numbers[0] == Math.rint(numbers[0])) {
            return (int) numbers[0];
        }
        int counted = pixelData.fragments() == null
                ? FirstFrame.countNative(format, pixelData.value().limit())
                : 1;
        warnings.add(new ImageWarning(
                "bad_value", Tag.NUMBER_OF_FRAMES + " is not a positive whole number; taken as " + counted + "."));
        return counted;
    }

    private static void checkLimits(DicomFile file, PixelFormat format, int frames, DecodeLimits limits) {
        String size = format.columns() + " x " + format.rows();
        if (format.columns() > limits.maxSide() || format.rows() > limits.maxSide()) {
            throw Refusal.tooLarge("the picture is " + size + "; no side may exceed " + limits.maxSide());
        }
        if (format.pixels() > limits.maxPixels()) {
            throw Refusal.tooLarge("the picture is " + size + ", more than " + limits.maxPixels() + " pixels");
        }
        if (frames > limits.maxFrames()) {
            throw Refusal.tooLarge("the file has " + frames + " frames, more than " + limits.maxFrames());
        }
        long rgb = 3 * format.pixels();
        // A compressed frame is held decoded, JPEG once more in the decoder; percentiles of wide samples sort a copy.
        long decoded = file.syntax().coding == TransferSyntax.PixelCoding.NATIVE ? 0 : 2 * format.frameBytes();
        long sorted = format.photometric().grey() && format.bitsStored() > 16 ? 8 * format.pixels() : 0;
        long needed = rgb + decoded + sorted + file.inflatedBytes();
        long bound = Math.min(limits.maxMemoryBytes(), Integer.MAX_VALUE - 16);
        if (needed > limits.maxMemoryBytes() || rgb > bound || format.frameBytes() > bound) {
            throw Refusal.tooLarge("decoding the picture (" + size + ") needs " + needed
                    + " bytes of memory, more than " + limits.maxMemoryBytes());
        }
    }

    private static void noteContext(DataSet root, PixelFormat format, int frames, List<ImageWarning> warnings) {
        if (frames > 1) {
            warnings.add(
                    new ImageWarning("first_frame_only", "The file has " + frames + " frames; this is the first."));
        }
        if ("YES".equals(root.text(Tag.BURNED_IN_ANNOTATION))) {
            warnings.add(new ImageWarning(
                    "burned_in_annotation",
                    "The file says that text is burned into the picture; it may identify the patient."));
        }
        if (format.photometric().grey() && root.has(Tag.RED_DESCRIPTOR)) {
            warnings.add(new ImageWarning(
                    "palette_not_applied",
                    "The file has a supplemental palette, which is not applied: the picture is grey."));
        }
        if (root.has(Tag.OVERLAY_DATA)) {
            warnings.add(new ImageWarning("overlay_not_drawn", "The file has an overlay, which is not drawn."));
        }
    }
}

package org.vilam.vision.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.dicom.DicomReader;

/**
 * The door: every image of the program comes in through here.
 *
 * <p>The format is told by the bytes. Sizes are held against the {@link DecodeLimits} before pixels are decoded; decoding
 * runs on a thread of its own under a deadline, with a share of the heap. The result is the file's first picture as 8-bit
 * RGB, upright, on the chosen background, in sRGB; what was done is in its {@link ImageInfo}. A picture is given only
 * whole: of a file that ends early, nothing is made up, it is {@code IMAGE_CORRUPT}. Missing end marks after a whole
 * picture are forgiven with a warning.
 *
 * <p>Decoders are immutable and may be shared between threads. Errors are {@link VilamException}s: IMAGE_UNSUPPORTED,
 * IMAGE_CORRUPT, IMAGE_TOO_LARGE, IMAGE_TIMEOUT, and FILE_UNREADABLE for paths.
 */
public final class ImageDecoder {
    /** A guess at what a DICOM file takes, whose reader checks its own need against the limits. */
    private static final long DICOM_BASE_BYTES = 32L << 20;

    private final DecodeLimits limits;

    /** A door with these limits. */
    public ImageDecoder(DecodeLimits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    /** A door with {@link DecodeLimits#DEFAULT}. */
    public ImageDecoder() {
        this(DecodeLimits.DEFAULT);
    }

    /** Decodes a file in memory with {@link DecodeOptions#DEFAULT}. */
    public DecodedImage decode(byte[] file) {
        return decode(file, DecodeOptions.DEFAULT);
    }

    /**
     * Decodes a file in memory.
     *
     * @param file the whole file; not changed, and not to be changed meanwhile
     * @throws VilamException when the bytes are refused
     */
    public DecodedImage decode(byte[] file, DecodeOptions options) {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(options, "options");
        return DecodeRun.run(limits, options, run -> decode(file, run));
    }

    /** Decodes a file with {@link DecodeOptions#DEFAULT}. */
    public DecodedImage decode(Path path) {
        return decode(path, DecodeOptions.DEFAULT);
    }

    /**
     * Reads and decodes a file.
     *
     * @throws VilamException when the file cannot be read (FILE_UNREADABLE) or is refused; the message names it
     */
    public DecodedImage decode(Path path, DecodeOptions options) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        try {
            return DecodeRun.run(limits, options, run -> decode(read(path), run));
        } catch (VilamException e) {
            throw new VilamException(e.code(), path.getFileName() + ": " + e.getMessage(), e.hint(), e);
        }
    }

    private byte[] read(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, limits.maxFileBytes() + 1));
        } catch (IOException e) {
            throw new VilamException(
                    ErrorCode.FILE_UNREADABLE,
                    e instanceof NoSuchFileException
                            ? "there is no such file"
                            : "the file cannot be read: " + e.getMessage(),
                    "Check the path and that it names a file this program may read.",
                    e);
        }
    }

    private DecodedImage decode(byte[] file, DecodeRun run) throws IOException {
        if (file.length > limits.maxFileBytes()) {
            throw DecodeErrors.tooLarge(
                    "the file is longer than " + limits.maxFileBytes() + " bytes",
                    "Send a smaller file, e.g. a JPEG of at most " + limits.maxPixels() / 1_000_000 + " megapixels.");
        }
        ImageFormat format = FormatDetector.detect(file);
        run.recognised(format);
        if (format == ImageFormat.DICOM) {
            run.reserve(Math.min(limits.maxMemoryBytes(), DICOM_BASE_BYTES + 16L * file.length));
            return DicomReader.read(ByteBuffer.wrap(file), limits, run.options());
        }
        StoredPicture picture = reader(format).read(file, run);
        ImageHeader header = picture.header();
        if (header.frames() > 1) {
            run.warn("first_frame_only", "The file holds " + header.frames() + " frames or pages; this is the first.");
        }
        RgbImage pixels = ExifOrientation.upright(picture.rgb(), header.width(), header.height(), header.orientation());
        run.checkDeadline();
        ImageInfo info = new ImageInfo(
                format,
                pixels.width(),
                pixels.height(),
                header.width(),
                header.height(),
                header.orientation(),
                header.bitDepth(),
                header.channels(),
                picture.window(),
                null,
                ImageInfo.sha256Of(ByteBuffer.wrap(file)),
                header.frames(),
                run.warnings());
        return new DecodedImage(pixels, info);
    }

    private static FormatReader reader(ImageFormat format) {
        return switch (format) {
            case JPEG -> new JpegReader();
            case PNG -> new PngReader();
            case GIF -> new GifReader();
            case BMP -> new BmpReader();
            case TIFF -> new TiffReader();
            case WEBP -> new WebpReader();
            case PNM -> new PnmReader();
            case DICOM -> throw new IllegalArgumentException("DICOM has a package of its own");
        };
    }
}

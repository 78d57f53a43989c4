package org.vilam.vision.image;

/** The image formats that are read; everything else is refused by name. */
public enum ImageFormat {
    JPEG("image/jpeg"),
    PNG("image/png"),
    GIF("image/gif"),
    BMP("image/bmp"),
    TIFF("image/tiff"),
    WEBP("image/webp"),
    /** PBM, PGM, PPM and PAM. */
    PNM("image/x-portable-anymap"),
    DICOM("application/dicom");

    private final String mediaType;

    ImageFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The media type that names this format in HTTP headers and results. */
    public String mediaType() {
        return mediaType;
    }
}

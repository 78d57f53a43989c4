package org.vilam.web.image;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vilam.assistant.Picture;
import org.vilam.vision.error.VilamException;
import org.vilam.vision.image.DecodedImage;
import org.vilam.vision.image.ImageDecoder;
import org.vilam.vision.image.ImageFormat;
import org.vilam.vision.image.ImageInfo;
import org.vilam.vision.image.ResampleFilter;
import org.vilam.vision.image.Resampler;
import org.vilam.vision.image.RgbImage;
import org.vilam.web.store.ImageStore;
import org.vilam.web.store.StoredImage;

/**
 * Pictures by id. Decoded ones stay in memory up to a limit, the last used longest, so that a conversation decodes its picture
 * once. Safe for several threads.
 */
public final class Pictures {
    private static final int THUMBNAIL_SIDE = 256;
    private static final String OWN = "image:";
    private static final String THUMBNAIL = "thumbnail.jpg";

    private final ImageStore store;
    private final ImageDecoder decoder;
    private final RemoteImages remote;
    private final long cacheBytes;
    private final Map<String, Picture> cache = new LinkedHashMap<>(16, 0.75f, true);
    private long cached;

    /**
     * @param remote which servers pictures may be fetched from
     * @param maxBytes longest picture that is fetched
     * @param cacheBytes RGB bytes of decoded pictures to keep
     */
    public Pictures(ImageStore store, ImageDecoder decoder, RemoteAccess remote, long maxBytes, long cacheBytes) {
        this.store = store;
        this.decoder = decoder;
        this.remote = new RemoteImages(remote, maxBytes);
        this.cacheBytes = cacheBytes;
    }

    /**
     * Takes a picture in.
     *
     * @param file the whole file
     * @throws VilamException IMAGE_... when the door refuses it
     */
    public Picture add(byte[] file) {
        DecodedImage decoded = decoder.decode(file);
        ImageInfo info = decoded.info();
        store.put(
                new StoredImage(
                        info.sha256(), info.width(), info.height(), info.mediaType(), info.orientation(), file.length),
                file);
        return remembered(Picture.of(decoded));
    }

    /**
     * The picture with an id.
     *
     * @throws VilamException NOT_FOUND
     */
    public Picture get(String id) {
        synchronized (cache) {
            Picture known = cache.get(id);
            if (known != null) {
                return known;
            }
        }
        return remembered(Picture.of(decoder.decode(store.file(id))));
    }

    /**
     * The picture at an address: {@code data:} in base 64, {@code image:} and the id of a picture sent before, or one of the
     * servers that may be fetched from.
     *
     * @param field names it in messages
     * @throws VilamException INVALID_ARGUMENT, NOT_FOUND, FORBIDDEN, or IMAGE_... for the picture itself
     */
    public Picture at(String address, String field) {
        if (address.regionMatches(true, 0, "data:", 0, 5)) {
            return add(DataUrl.bytes(address, field));
        }
        if (address.startsWith(OWN)) {
            return get(address.substring(OWN.length()));
        }
        return add(remote.fetch(address, field));
    }

    /**
     * The picture upright, as a JPEG where it came as one, else as a PNG. A JPEG that is upright as it stands is given out as it
     * came.
     */
    public EncodedImage upright(String id) {
        StoredImage stored = store.get(id);
        boolean jpeg = stored.mediaType().equals(ImageFormat.JPEG.mediaType());
        String kind = jpeg ? "upright.jpg" : "upright.png";
        Optional<byte[]> made = store.copy(id, kind);
        if (made.isPresent()) {
            return new EncodedImage(jpeg ? EncodedImage.JPEG : EncodedImage.PNG, made.get());
        }
        Picture picture = get(id);
        // Browsers do not agree on four-channel JPEGs.
        if (jpeg && stored.exifOrientation() == 1 && picture.info().channels() <= 3) {
            return new EncodedImage(EncodedImage.JPEG, store.file(id));
        }
        EncodedImage encoded = jpeg ? EncodedImage.jpeg(picture.pixels(), 0.92f) : EncodedImage.png(picture.pixels());
        store.putCopy(id, kind, encoded.bytes());
        return encoded;
    }

    /** The picture with its longer side at most 256 pixels, as a JPEG. */
    public EncodedImage thumbnail(String id) {
        store.get(id);
        Optional<byte[]> made = store.copy(id, THUMBNAIL);
        if (made.isPresent()) {
            return new EncodedImage(EncodedImage.JPEG, made.get());
        }
        RgbImage pixels = get(id).pixels();
        double scale = Math.min(1, (double) THUMBNAIL_SIDE / Math.max(pixels.width(), pixels.height()));
        RgbImage small = Resampler.resize(
                pixels,
                (int) Math.max(1, Math.round(scale * pixels.width())),
                (int) Math.max(1, Math.round(scale * pixels.height())),
                ResampleFilter.PIL_BILINEAR);
        EncodedImage encoded = EncodedImage.jpeg(small, 0.85f);
        store.putCopy(id, THUMBNAIL, encoded.bytes());
        return encoded;
    }

    /** What is on record about a picture. */
    public StoredImage facts(String id) {
        return store.get(id);
    }

    /** The picture of which an export has only the beginning of the id, see {@link ImageStore#findByPrefix}. */
    public Optional<Picture> byPrefix(String prefix) {
        return store.findByPrefix(prefix).map(image -> get(image.id()));
    }

    /** Forgets a picture. */
    public void delete(String id) {
        store.delete(id);
        synchronized (cache) {
            Picture gone = cache.remove(id);
            cached -= gone == null ? 0 : bytes(gone);
        }
    }

    private Picture remembered(Picture picture) {
        synchronized (cache) {
            Picture before = cache.put(picture.id(), picture);
            cached += bytes(picture) - (before == null ? 0 : bytes(before));
            var oldest = cache.entrySet().iterator();
            while (cached > cacheBytes && oldest.hasNext()) {
                cached -= bytes(oldest.next().getValue());
                oldest.remove();
            }
        }
        return picture;
    }

    private static long bytes(Picture picture) {
        return picture.pixels().rgb().length;
    }
}

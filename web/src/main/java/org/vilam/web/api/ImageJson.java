package org.vilam.web.api;

import org.vilam.web.store.StoredImage;

/** A picture as the API shows it. */
record ImageJson(
        String id,
        int width,
        int height,
        String mediaType,
        int exifOrientation,
        long bytes,
        String url,
        String thumbnailUrl) {
    static ImageJson of(StoredImage image) {
        String url = "/v1/images/" + image.id();
        return new ImageJson(
                image.id(),
                image.width(),
                image.height(),
                image.mediaType(),
                image.exifOrientation(),
                image.bytes(),
                url,
                url + "/thumbnail");
    }
}

/**
 * The picture data of WebP: lossy VP8 key frames (RFC 6386), lossless VP8L and alpha planes (RFC 9649).
 *
 * <p>Decoded here and not by an ImageIO plug-in because TwelveMonkeys' takes 50 bytes of heap and 150 ns a pixel, leaves
 * chroma unsmoothed and makes up what is missing at the end of the data. Pictures come out as libwebp makes them, bit by
 * bit; the container is the business of {@code WebpReader} in the package above.
 */
@NullMarked
package org.vilam.vision.image.webp;

import org.jspecify.annotations.NullMarked;

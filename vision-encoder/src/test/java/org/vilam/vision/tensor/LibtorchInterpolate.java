package org.vilam.vision.tensor;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The yardstick of {@link Interpolation}: libtorch's own upsampling kernels, all modes, called through a one-line TorchScript
 * module (DJL offers only some modes and ignores align_corners).
 */
final class LibtorchInterpolate {
    private static final byte[] MODULE_PICKLE = concat(
            new byte[] {(byte) 0x80, 2},
            "c__torch__\nM\n)".getBytes(StandardCharsets.US_ASCII),
            new byte[] {(byte) 0x81, '}', '(', 'X', 8, 0, 0, 0},
            "training".getBytes(StandardCharsets.US_ASCII),
            new byte[] {(byte) 0x88, 'u', 'b', '.'});
    private static final byte[] EMPTY_TUPLE_PICKLE = {(byte) 0x80, 2, ')', '.'};

    private LibtorchInterpolate() {}

    /** {@code interpolate(x, size=(height, width))}; the result is on the manager of {@code x}. */
    static NDArray resize(NDArray x, Interpolation how, int height, int width) {
        return call(x, how, height, width, "None", "None");
    }

    /** The kernel behind {@code interpolate(x, scale_factor=...)} without recomputing the factor. */
    static NDArray scale(NDArray x, Interpolation how, double scaleHeight, double scaleWidth) {
        int height = (int) Math.floor(x.getShape().get(2) * scaleHeight);
        int width = (int) Math.floor(x.getShape().get(3) * scaleWidth);
        return call(x, how, height, width, Double.toString(scaleHeight), Double.toString(scaleWidth));
    }

    private static NDArray call(
            NDArray x, Interpolation how, int height, int width, String scaleHeight, String scaleWidth) {
        String function = switch (how.mode()) {
            case NEAREST -> "upsample_nearest2d";
            case NEAREST_EXACT -> "_upsample_nearest_exact2d";
            case BILINEAR -> how.antialias() ? "_upsample_bilinear2d_aa" : "upsample_bilinear2d";
            case BICUBIC -> how.antialias() ? "_upsample_bicubic2d_aa" : "upsample_bicubic2d";
        };
        boolean nearest = how.mode() == Interpolation.Mode.NEAREST || how.mode() == Interpolation.Mode.NEAREST_EXACT;
        String corners = nearest ? "" : how.alignCorners() ? "True, " : "False, ";
        String code = """
                class M(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def forward(self: __torch__.M,
                      x: Tensor) -> Tensor:
                    return torch.%s(x, [%d, %d], %s%s, %s)
                """.formatted(function, height, width, corners, scaleHeight, scaleWidth);
        try (Model model = Model.newInstance("interpolate", "PyTorch")) {
            model.load(new ByteArrayInputStream(archive(code)));
            ParameterStore parameters = new ParameterStore(x.getManager(), false);
            return model.getBlock().forward(parameters, new NDList(x), false).singletonOrThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] archive(String code) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            add(zip, "data.pkl", MODULE_PICKLE);
            add(zip, "constants.pkl", EMPTY_TUPLE_PICKLE);
            add(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            add(zip, "version", "10\n".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("m/" + name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}

package io.gatehouse.credentials;

import io.nayuki.qrcodegen.QrCode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A text as a QR code, with the quiet zone around it that readers need. */
public final class QrImage {

    private static final int QUIET = 4;
    private static final int PIXELS = 6;
    private static final int WHITE = 0xffffff;

    private final QrCode code;

    private QrImage(QrCode code) {
        this.code = code;
    }

    public static QrImage of(String text) {
        return new QrImage(QrCode.encodeText(text, QrCode.Ecc.MEDIUM));
    }

    /** An image file. */
    public byte[] png() {
        int side = (code.size + 2 * QUIET) * PIXELS;
        var image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_BINARY);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                image.setRGB(x, y, code.getModule(x / PIXELS - QUIET, y / PIXELS - QUIET) ? 0 : WHITE);
            }
        }
        try {
            var file = new ByteArrayOutputStream();
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", file);
            return file.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document that scales. */
    public String svg() {
        int side = code.size + 2 * QUIET;
        var dark = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    dark.append('M').append(x + QUIET).append(',').append(y + QUIET).append("h1v1h-1z");
                }
            }
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + " " + side + "\" shape-rendering=\"crispEdges\">"
                + "<path fill=\"#fff\" d=\"M0,0h" + side + "v" + side + "h-" + side + "z\"/><path d=\"" + dark + "\"/></svg>";
    }
}

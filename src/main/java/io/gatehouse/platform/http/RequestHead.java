package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpStatus;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What is wrong with a request's first line and headers, beyond what its decoder looks at. */
final class RequestHead {

    /** A request that is refused before anybody looks at its path; its connection ends with the answer. */
    static final class Refused extends Exception {

        private final HttpStatus status;

        private Refused(HttpStatus status, String why) {
            super(why, null, false, false);
            this.status = status;
        }

        HttpStatus status() {
            return status;
        }
    }

    private static final String SUPPORTED = "HTTP";

    private RequestHead() {
    }

    /** Null if the request can be read on (RFC 9112 sections 2.3 and 3.2). */
    static @Nullable Refused defect(HttpRequest request) {
        var failure = request.decoderResult().cause();
        if (failure instanceof TooLongHttpLineException) {
            return new Refused(HttpStatus.REQUEST_URI_TOO_LONG, "The request line is longer than 4096 bytes.");
        }
        if (failure instanceof TooLongHttpHeaderException) {
            return new Refused(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are longer than 8192 bytes.");
        }
        if (failure != null) {
            return new Refused(HttpStatus.BAD_REQUEST, "The request is malformed.");
        }
        var version = request.protocolVersion();
        if (!version.protocolName().equals(SUPPORTED) || version.majorVersion() != 1) {
            return new Refused(HttpStatus.HTTP_VERSION_NOT_SUPPORTED, "HTTP/1.1 and HTTP/1.0 are spoken here.");
        }
        int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || hosts == 0 && version.minorVersion() > 0) {
            return new Refused(HttpStatus.BAD_REQUEST, "One Host header is needed.");
        }
        if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING) && version.minorVersion() == 0) {
            return new Refused(HttpStatus.BAD_REQUEST, "HTTP/1.0 has no Transfer-Encoding.");
        }
        // A proxy in front that reads another coding as chunked would see the request end elsewhere (section 6.3).
        if (!request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING).stream().allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase)) {
            return new Refused(HttpStatus.BAD_REQUEST, "The only Transfer-Encoding that is taken is chunked.");
        }
        if (request.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
            return new Refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Bodies are taken without a Content-Encoding.");
        }
        return null;
    }

    /**
     * Looks at path and query as they were sent.
     *
     * @throws Problem if they are not UTF-8 in percent-encoding, or hold a NUL, which no name has and PostgreSQL does not take
     */
    static void checkTarget(String target) {
        if (isPlain(target)) {
            return;
        }
        var bytes = new byte[target.length()];
        int count = 0;
        int nul = -1;
        for (int i = 0; i < target.length(); i++) {
            int value = target.charAt(i);
            if (value == '%' && i + 2 < target.length()) {
                value = Character.digit(target.charAt(i + 1), 16) << 4 | Character.digit(target.charAt(i + 2), 16);
                i += 2;
            }
            if (value <= 0 || value > 0xff) {
                nul = value == 0 && nul < 0 ? i : nul;
                value = value == 0 ? 0 : 0xff;
            }
            bytes[count++] = (byte) value;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, count));
        } catch (CharacterCodingException e) {
            throw Problem.of(Problem.Kind.MALFORMED, "The path and the query must be UTF-8, percent-encoded.");
        }
        if (nul >= 0) {
            refuseNul(target, nul);
        }
    }

    private static boolean isPlain(String target) {
        for (int i = 0; i < target.length(); i++) {
            char character = target.charAt(i);
            if (character == '%' || character > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static void refuseNul(String target, int nul) {
        int query = target.indexOf('?');
        if (query < 0 || nul < query) {
            throw Problem.invalidSecret("path", "A path has no NUL character.");
        }
        int from = Math.max(target.lastIndexOf('&', nul), query) + 1;
        throw Problem.invalidSecret(target.substring(from, nul + 1).replaceFirst("[=%].*", ""), "A value has no NUL character.");
    }
}

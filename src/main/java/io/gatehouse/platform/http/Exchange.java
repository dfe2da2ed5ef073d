package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request and what is known of its answer, from its first line to the answer's last byte. Made on the connection's thread;
 * filters add what only they know.
 */
public final class Exchange {

    static final String HEADER = "X-Request-Id";
    /** The name of the correlation id in the log. */
    static final String CORRELATION_ID = "correlationId";

    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int ID_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String correlationId;
    private final String method;
    private final String target;
    private final @Nullable SocketAddress peer;
    private final long startedNanos = System.nanoTime();
    private RequestHead.@Nullable Refused defect;
    private volatile @Nullable String address;
    private volatile @Nullable String route;
    private volatile @Nullable String principal;
    private volatile boolean secure;
    private int status;
    private long bytes;

    private Exchange(String correlationId, String method, String target, @Nullable SocketAddress peer) {
        this.correlationId = correlationId;
        this.method = method;
        this.target = target;
        this.peer = peer;
    }

    static Exchange begin(io.netty.handler.codec.http.HttpRequest request, @Nullable SocketAddress peer) {
        var given = request.headers().get(HEADER);
        return new Exchange(given != null && ACCEPTABLE.matcher(given).matches() ? given : freshId(),
                request.method().name(), request.uri(), peer);
    }

    /** Of a request that came over the network; empty for one that a filter made. */
    static Optional<Exchange> of(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty && netty.getNativeRequest() instanceof Tracked tracked
                ? Optional.of(tracked.exchange) : Optional.empty();
    }

    /** Under which the log tells of this request. */
    public static String correlationId(HttpRequest<?> request) {
        return of(request).map(Exchange::correlationId).orElseGet(Exchange::freshId);
    }

    static String freshId() {
        var bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    io.netty.handler.codec.http.HttpRequest track(io.netty.handler.codec.http.HttpRequest request) {
        defect = RequestHead.defect(request);
        var tracked = new Tracked(request, this);
        tracked.setDecoderResult(defect == null ? request.decoderResult() : DecoderResult.failure(defect));
        return tracked;
    }

    /** Why the request is refused before anybody looks at its path; null: it is not. */
    RequestHead.@Nullable Refused defect() {
        return defect;
    }

    String correlationId() {
        return correlationId;
    }

    String method() {
        return method;
    }

    /** Path and query, as sent. */
    String target() {
        return target;
    }

    long startedNanos() {
        return startedNanos;
    }

    void setAddress(String clientAddress) {
        address = clientAddress;
    }

    @Nullable String address() {
        if (address == null && peer instanceof InetSocketAddress socket && socket.getAddress() != null) {
            return socket.getAddress().getHostAddress();
        }
        return address;
    }

    /** The template of the path, such as {@code /api/v1/users/{username}}. */
    void setRoute(String template) {
        route = template;
    }

    @Nullable String route() {
        return route;
    }

    void setPrincipal(String name) {
        principal = name;
    }

    @Nullable String principal() {
        return principal;
    }

    /** The client speaks TLS, to this server or to a proxy that is trusted. */
    void setSecure() {
        secure = true;
    }

    boolean isSecure() {
        return secure;
    }

    void answered(int code) {
        status = code;
    }

    /** 0: there was none. */
    int status() {
        return status;
    }

    void sent(int count) {
        bytes += count;
    }

    /** Of the answer's body. */
    long bytes() {
        return bytes;
    }

    /** The request as the layers above get it, so that they find their way back. */
    private static final class Tracked extends DefaultHttpRequest {

        private final Exchange exchange;

        Tracked(io.netty.handler.codec.http.HttpRequest request, Exchange exchange) {
            super(request.protocolVersion().majorVersion() == 1 ? request.protocolVersion() : HttpVersion.HTTP_1_1, request.method(), request.uri(), request.headers());
            this.exchange = exchange;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }

        /** Without what headers may hold. */
        @Override
        public String toString() {
            return method() + " " + headers().getAsString(HttpHeaderNames.HOST);
        }
    }
}

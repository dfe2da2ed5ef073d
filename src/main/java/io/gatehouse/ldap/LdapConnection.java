package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1Buffer;
import com.unboundid.ldap.protocol.ExtendedResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The bytes of one client: framing, TLS, and what the connection is waiting for, so that {@link ConnectionWatch} can end it
 * when it waits too long. The SDK reads and writes it as a plain socket and never learns of TLS.
 */
final class LdapConnection {

    private enum Waiting { FOR_REQUEST, FOR_REST_OF_REQUEST, FOR_CLIENT_TO_READ, FOR_NOTHING }

    private static final int FAREWELL_MILLIS = 250;
    private static final int FAREWELL_READS = 64;
    private static final String NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036";

    /** Tells the connections of one node's life from those of another's. */
    private static final String NODE = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36), 36);
    private static final AtomicLong CONNECTIONS = new AtomicLong();

    private final long number = CONNECTIONS.incrementAndGet();
    private final Socket socket;
    private final LdapConfiguration limits;
    private final Consumer<LdapConnection> onClose;
    private final RequestStream requests;
    private final ResponseStream responses;
    private volatile Waiting waiting = Waiting.FOR_REQUEST;
    private volatile long since = System.nanoTime();
    private volatile String expired;
    private volatile boolean bound;
    private volatile boolean closed;
    private volatile SSLSocket tls;
    private boolean isHandshakeDue;
    private SSLContext upgradeTo;

    LdapConnection(Socket socket, LdapConfiguration limits, Consumer<LdapConnection> onClose) throws IOException {
        this.socket = socket;
        this.limits = limits;
        this.onClose = onClose;
        requests = new RequestStream(this, socket.getInputStream());
        responses = new ResponseStream(this, socket.getOutputStream());
    }

    /** This connection as the SDK sees it. */
    Socket view() throws IOException {
        return new SocketView(socket, requests, responses, this);
    }

    /** Under which the log tells of the message with this id. */
    String correlationId(int message) {
        return "ldap-" + NODE + "-" + number + "-" + message;
    }

    ResponseStream responses() {
        return responses;
    }

    InetAddress remoteAddress() {
        return socket.getInetAddress();
    }

    boolean isSecure() {
        return tls != null;
    }

    /** A bound client may send larger requests and rest longer. */
    void setBound(boolean isBound) {
        bound = isBound;
    }

    int maxMessageSize() {
        return bound ? limits.maxMessageSize() : limits.maxMessageSizeBeforeBind();
    }

    /** Speaks TLS from the next byte on; the next read shakes hands first. */
    void startTls(SSLContext context) throws IOException {
        var raw = new SocketView(socket, new BufferedInputStream(socket.getInputStream(), 16 * 1024), socket.getOutputStream(), this);
        var secure = (SSLSocket) context.getSocketFactory()
                .createSocket(raw, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secure.setUseClientMode(false);
        secure.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        requests.replaceSource(secure.getInputStream());
        responses.replaceSink(secure.getOutputStream());
        isHandshakeDue = true;
        tls = secure;
    }

    /** On the connection's own thread, and within the time that a message has. */
    void shakeHands() throws IOException {
        if (isHandshakeDue) {
            isHandshakeDue = false;
            wait(Waiting.FOR_REST_OF_REQUEST);
            tls.startHandshake();
            wait(Waiting.FOR_REQUEST);
        }
    }

    /** @throws IOException if the request was not all of its message; the connection has ended */
    void requestDecoded() throws IOException {
        requests.requestDecoded();
    }

    /**
     * Waits for something that may take long, but no longer than the client does. The connection's own thread waits; others are held up
     * by nothing.
     *
     * @throws Refusal            with operationsError if the client sends something meanwhile, which it must not while it binds (RFC 4511
     *                            section 4.2.1), unless it has given up
     * @throws UncheckedIOException if the client is gone
     */
    void await(CompletableFuture<?> event) {
        var stirring = requests.readAhead();
        CompletableFuture.anyOf(event.handle((result, failure) -> true), stirring.handle((bytes, failure) -> true)).join();
        if (event.isDone()) {
            return;
        }
        if (stirring.isCompletedExceptionally() || stirring.resultNow().length == 0) {
            throw new UncheckedIOException(new EOFException("The client has gone while it was waited for."));
        }
        throw new Refusal(ResultCode.OPERATIONS_ERROR, "Another request came while this one waited, and ended it.");
    }

    /**
     * Speaks TLS once the response that is being made has gone out.
     *
     * @return false if the client has already sent more in the clear, which would be taken for something it sent over TLS
     */
    boolean startTlsAfterResponse(SSLContext context) {
        if (requests.hasUnread()) {
            return false;
        }
        upgradeTo = context;
        return true;
    }

    void responseSent() throws IOException {
        if (upgradeTo != null) {
            var context = upgradeTo;
            upgradeTo = null;
            startTls(context);
        }
    }

    void awaiting(boolean isWithinRequest) {
        if (!isWithinRequest) {
            wait(Waiting.FOR_REQUEST);
        } else if (waiting != Waiting.FOR_REST_OF_REQUEST) {
            wait(Waiting.FOR_REST_OF_REQUEST);
        }
    }

    void requestArrived() {
        waiting = Waiting.FOR_NOTHING;
    }

    void sending() {
        wait(Waiting.FOR_CLIENT_TO_READ);
    }

    void working() {
        waiting = Waiting.FOR_NOTHING;
    }

    private void wait(Waiting what) {
        since = System.nanoTime();
        waiting = what;
    }

    /** Called from another thread: wakes the connection's own, which then says goodbye. */
    void endIfOverdue() {
        var what = waiting;
        var limit = limit(what);
        if (limit == null || System.nanoTime() - since < limit.toNanos() || waiting != what || expired != null) {
            return;
        }
        expired = what == Waiting.FOR_REQUEST
                ? "The connection was idle for longer than " + limit.toSeconds() + " s."
                : "The message took longer than " + limit.toSeconds() + " s.";
        try {
            if (what == Waiting.FOR_CLIENT_TO_READ) {
                close();
            } else {
                socket.shutdownInput();
            }
        } catch (IOException alreadyGone) {
            close();
        }
    }

    private Duration limit(Waiting what) {
        return switch (what) {
            case FOR_REQUEST -> bound ? limits.idleTimeout() : limits.unboundIdleTimeout();
            case FOR_REST_OF_REQUEST, FOR_CLIENT_TO_READ -> limits.messageTimeout();
            case FOR_NOTHING -> null;
        };
    }

    void refuseIfExpired() throws IOException {
        if (expired != null) {
            disconnect(ResultCode.UNAVAILABLE, expired);
            throw new IOException(expired);
        }
    }

    /** Ends the connection that the decoder gives up. It calls broken contents an input that ended, so what it was given decides what the client is told. */
    void decodingEnded(LDAPException cause) {
        if (requests.isWithinMessage() || cause.getResultCode() != ResultCode.SERVER_DOWN) {
            disconnect(ResultCode.PROTOCOL_ERROR, "The request cannot be decoded.");
        } else {
            close();
        }
    }

    /** Ends the connection over a request that breaks the protocol; the exception is for whoever was reading. */
    IOException refuse(String why) {
        disconnect(ResultCode.PROTOCOL_ERROR, why);
        return new IOException(why);
    }

    /** Sends the Notice of Disconnection (RFC 4511 section 4.4.1) and closes. */
    void disconnect(ResultCode code, String why) {
        if (closed) {
            return;
        }
        try {
            var notice = notice(code, why);
            responses.write(notice, 0, notice.length);
            letClientRead();
        } catch (IOException clientGone) {
            // nobody is left to be told
        } finally {
            close();
        }
    }

    /** A socket closed over unread bytes resets the connection, and the notice would be lost with it: so read some of them. */
    private void letClientRead() throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(FAREWELL_MILLIS);
        var scrap = new byte[8 * 1024];
        for (int rest = FAREWELL_READS; rest > 0 && socket.getInputStream().read(scrap) >= 0; rest--) {
            // dropped
        }
    }

    static byte[] notice(ResultCode code, String why) {
        var buffer = new ASN1Buffer();
        new LDAPMessage(0, new ExtendedResponseProtocolOp(code.intValue(), null, why, List.of(), NOTICE_OF_DISCONNECTION, null))
                .writeTo(buffer);
        var bytes = new ByteArrayOutputStream();
        try {
            buffer.writeTo(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        onClose.accept(this);
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // closed is all it should be
        }
    }
}

package io.gatehouse.bench;

import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** TLS 1.3 with one cipher suite, so that both servers have the same work to do. */
final class SecureTransport implements Transport {

    private static final SSLContext CONTEXT = context();

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer outgoing;
    private final ByteBuffer incoming;

    private SecureTransport(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        outgoing = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
        incoming = ByteBuffer.allocateDirect(4 * engine.getSession().getPacketBufferSize());
    }

    /** @param channel a blocking one */
    static SecureTransport handshake(SocketChannel channel) throws IOException {
        var engine = CONTEXT.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        engine.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        var transport = new SecureTransport(channel, engine);
        transport.handshake();
        return transport;
    }

    private void handshake() throws IOException {
        var nothing = ByteBuffer.allocate(0);
        var ignored = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        engine.beginHandshake();
        for (var status = engine.getHandshakeStatus(); isOpen(status); status = engine.getHandshakeStatus()) {
            switch (status) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> send(nothing);
                default -> {
                    if (!unwrap(ignored) && channel.read(incoming) < 0) {
                        throw new IOException("The server ended the handshake");
                    }
                }
            }
        }
    }

    private static boolean isOpen(HandshakeStatus status) {
        return status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void send(ByteBuffer bytes) throws IOException {
        do {
            outgoing.clear();
            engine.wrap(bytes, outgoing);
            outgoing.flip();
            while (outgoing.hasRemaining()) {
                channel.write(outgoing);
            }
        } while (bytes.hasRemaining());
    }

    @Override
    public int receive(ByteBuffer into) throws IOException {
        int before = into.position();
        int read = channel.read(incoming);
        while (unwrap(into)) {
            // The next record, if it is here whole.
        }
        return read < 0 ? read : into.position() - before;
    }

    /** @return whether there was a record */
    private boolean unwrap(ByteBuffer into) throws IOException {
        incoming.flip();
        int before = incoming.remaining();
        engine.unwrap(incoming, into);
        boolean consumed = incoming.remaining() < before;
        incoming.compact();
        return consumed;
    }

    private static SSLContext context() {
        try {
            return new SSLUtil(new TrustAllTrustManager()).createSSLContext("TLSv1.3");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("No TLS 1.3", e);
        }
    }
}

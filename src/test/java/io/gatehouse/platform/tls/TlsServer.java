package io.gatehouse.platform.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** Takes connections on one loopback address with the material's present context, and sends one byte on each. */
final class TlsServer implements AutoCloseable {

    private final TlsMaterial material;
    private final ServerSocket listener;

    TlsServer(TlsMaterial material, InetAddress address) throws IOException {
        this.material = material;
        listener = new ServerSocket(0, 0, address);
        Thread.ofVirtual().start(this::accept);
    }

    InetAddress address() {
        return listener.getInetAddress();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var plain = listener.accept();
                Thread.ofVirtual().start(() -> greet(plain));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void greet(Socket plain) {
        try (plain; var socket = (SSLSocket) material.context().getSocketFactory().createSocket(plain, null, true)) {
            socket.getOutputStream().write(0);
        } catch (IOException e) {
            // the client gave up, which its side of the test looks at
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}

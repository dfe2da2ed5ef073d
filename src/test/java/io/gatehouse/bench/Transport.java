package io.gatehouse.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection's bytes, without waiting for any once {@link #channel} does not block. */
sealed interface Transport permits Transport.Plain, SecureTransport {

    SocketChannel channel();

    void send(ByteBuffer bytes) throws IOException;

    /** Reads what is there. @return -1 at the end */
    int receive(ByteBuffer into) throws IOException;

    static SocketChannel connect(int port) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    record Plain(SocketChannel channel) implements Transport {

        @Override
        public void send(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public int receive(ByteBuffer into) throws IOException {
            return channel.read(into);
        }
    }
}

package io.gatehouse.gateway.certificates;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Answers questions for texts (RFC 1035), one at a time, and all others with nothing. */
final class NameServer implements AutoCloseable {

    private static final int HEADER = 12;
    private static final int LARGEST = 512;
    private static final int TEXT = 16;

    private final DatagramSocket socket;
    private volatile Function<String, List<String>> texts;

    NameServer(Function<String, List<String>> texts) throws IOException {
        this.texts = texts;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofPlatform().daemon().name("name-server").start(this::run);
    }

    int port() {
        return socket.getLocalPort();
    }

    void tells(Function<String, List<String>> others) {
        texts = others;
    }

    private void run() {
        var packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        while (!socket.isClosed()) {
            try {
                packet.setLength(LARGEST);
                socket.receive(packet);
                var answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        short id = query.getShort(0);
        query.position(HEADER);
        var name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            var label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        query.getShort();
        var question = new byte[query.position() - HEADER];
        query.get(HEADER, question);
        var found = type == TEXT ? texts.apply(name.toString().toLowerCase(Locale.ROOT)) : List.<String>of();

        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        for (int word : new int[] {id, 0x8580, 1, found.size(), 0, 0}) {
            out.writeShort(word);
        }
        out.write(question);
        for (var text : found) {
            out.writeShort(0xc000 | HEADER);
            out.writeShort(TEXT);
            out.writeShort(1);
            out.writeInt(0);
            out.writeShort(text.length() + 1);
            out.writeByte(text.length());
            out.writeBytes(text);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}

package io.gatehouse.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Asks for the bundle of a site, again and again, as an agent does; by a connection that it keeps. */
final class WaitingAgent implements Runnable {

    private final int port;
    private final String head;
    private final CountDownLatch known;
    private volatile CountDownLatch delivered = new CountDownLatch(0);
    private volatile long deliveredAt;
    private volatile int length;
    private volatile boolean stopped;

    /** @param known counted down when the agent has its first answer */
    WaitingAgent(int port, String path, String key, CountDownLatch known) {
        this.port = port;
        head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + key + "\r\nPrefer: wait=30\r\nAccept-Encoding: gzip\r\n";
        this.known = known;
    }

    /** The next answer is told there. */
    void expect(CountDownLatch latch) {
        delivered = latch;
    }

    long deliveredAt() {
        return deliveredAt;
    }

    /** Of what was delivered last, in bytes. */
    int length() {
        return length;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try (var socket = new Socket("127.0.0.1", port)) {
            var in = new BufferedInputStream(socket.getInputStream());
            var tag = "";
            while (!stopped) {
                socket.getOutputStream().write((head + (tag.isEmpty() ? "" : "If-None-Match: " + tag + "\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII));
                var answer = headers(in);
                if (answer.startsWith("HTTP/1.1 304 ")) {
                    continue;
                }
                if (!answer.startsWith("HTTP/1.1 200 ")) {
                    throw new IOException(answer);
                }
                int size = Integer.parseInt(header(answer, "content-length"));
                in.skipNBytes(size);
                deliveredAt = System.nanoTime();
                length = size;
                if (tag.isEmpty()) {
                    known.countDown();
                } else {
                    delivered.countDown();
                }
                tag = header(answer, "etag");
            }
        } catch (IOException e) {
            if (!stopped) {
                System.err.println("bench: an agent ends: " + e);
            }
        }
    }

    private static String headers(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the server has closed the connection");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String header(String head, String name) {
        return head.replaceFirst("(?is).*\r\n" + name + ": *([^\r]+)\r.*", "$1");
    }
}

package io.gatehouse.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts a load on a server's HTTP port from one thread. */
final class HttpLoad {

    static final int CONNECTIONS = 64;

    private final int port;
    private final long pid;
    private long[] latencies = new long[1 << 16];
    private int requests;
    private long failures;

    HttpLoad(int port, long pid) {
        this.port = port;
        this.pid = pid;
    }

    /**
     * Begins requests for the given time and waits for the last answers.
     *
     * @param scripts one for each connection
     * @throws IllegalStateException if an answer is wrong; those of 500 and above are counted
     */
    HttpRound run(List<HttpScript> scripts, Duration duration) {
        var connections = new ArrayList<Connection>();
        try (var selector = Selector.open()) {
            for (var script : scripts) {
                connections.add(new Connection(script, selector));
            }
            return measure(connections, selector, duration);
        } catch (IOException e) {
            throw new IllegalStateException("HTTP: " + e.getMessage(), e);
        } finally {
            connections.forEach(Connection::close);
        }
    }

    private HttpRound measure(List<Connection> connections, Selector selector, Duration duration) throws IOException {
        var usage = new ProcessUsage(pid);
        var clientUsage = new ProcessUsage(ProcessHandle.current().pid());
        var cpuBefore = usage.cpuMicros();
        var clientBefore = clientUsage.cpuMicros();
        var start = System.nanoTime();
        for (var connection : connections) {
            connection.send();
        }
        int running = connections.size();
        while (running > 0) {
            selector.select();
            for (var keys = selector.selectedKeys().iterator(); keys.hasNext();) {
                var connection = (Connection) keys.next().attachment();
                keys.remove();
                if (connection.receive()) {
                    if (System.nanoTime() - start < duration.toNanos()) {
                        connection.send();
                    } else {
                        running--;
                    }
                }
            }
        }
        return new HttpRound(new Measurement(requests, Duration.ofNanos(System.nanoTime() - start), usage.cpuMicros() - cpuBefore,
                clientUsage.cpuMicros() - clientBefore), Arrays.copyOf(latencies, requests), failures);
    }

    private void answered(long nanos, int status) {
        if (requests == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * requests);
        }
        latencies[requests++] = nanos;
        if (status >= 500) {
            failures++;
        }
    }

    private final class Connection {

        private final HttpScript script;
        private final SocketChannel channel;
        private final HttpAnswer answer = new HttpAnswer();
        private long sentAt;

        private Connection(HttpScript script, Selector selector) throws IOException {
            this.script = script;
            channel = Transport.connect(port);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        private void send() throws IOException {
            answer.reset();
            var request = ByteBuffer.wrap(script.next());
            sentAt = System.nanoTime();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        /** @return whether the answer is here */
        private boolean receive() throws IOException {
            if (channel.read(answer.buffer()) < 0) {
                throw new EOFException("The server closed the connection");
            }
            if (!answer.isComplete()) {
                return false;
            }
            answered(System.nanoTime() - sentAt, answer.status());
            script.answered(answer);
            return true;
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

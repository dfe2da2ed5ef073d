package io.gatehouse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Puts a load on a server from one thread: fewer wake-ups than a thread for each connection, so more of the machine for it. */
final class Load {

    private final Contender contender;
    private final Scenario scenario;
    private final String userPassword;

    Load(Contender contender, Scenario scenario, String userPassword) {
        this.contender = contender;
        this.scenario = scenario;
        this.userPassword = userPassword;
    }

    /**
     * Begins operations for the given time and waits for the last ones' end.
     *
     * @throws IllegalStateException if an answer is wrong
     */
    Measurement run(Duration duration, long seed) {
        var sessions = new ArrayList<Session>();
        try (var selector = Selector.open()) {
            for (int i = 0; i < scenario.connections; i++) {
                sessions.add(new Session(contender, scenario, scenario.script(contender, userPassword, seed + i), selector));
            }
            for (var session : sessions) {
                session.open();
            }
            return measure(sessions, selector, duration);
        } catch (IOException | IllegalStateException e) {
            throw new IllegalStateException("%s, %s: %s".formatted(contender, scenario.title, e.getMessage()), e);
        } finally {
            close(sessions);
        }
    }

    private Measurement measure(List<Session> sessions, Selector selector, Duration duration) throws IOException {
        var usage = new ProcessUsage(contender.pid());
        var clientUsage = new ProcessUsage(ProcessHandle.current().pid());
        var cpuBefore = usage.cpuMicros();
        var clientBefore = clientUsage.cpuMicros();
        var start = System.nanoTime();
        var turns = new Turns(start + duration.toNanos(), sessions.size());
        for (var session : sessions) {
            session.begin();
        }
        while (turns.running > 0) {
            selector.select(turns::take);
        }
        return new Measurement(turns.operations, Duration.ofNanos(System.nanoTime() - start), usage.cpuMicros() - cpuBefore,
                clientUsage.cpuMicros() - clientBefore);
    }

    private static void close(List<Session> sessions) {
        for (var session : sessions) {
            try {
                session.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Turns {

        private final long deadline;
        private int running;
        private long operations;

        private Turns(long deadline, int running) {
            this.deadline = deadline;
            this.running = running;
        }

        private void take(SelectionKey key) {
            var session = (Session) key.attachment();
            try {
                var completed = session.proceed();
                operations += completed;
                if (completed > 0 && session.isBetweenOperations()) {
                    if (System.nanoTime() < deadline) {
                        session.begin();
                    } else {
                        running--;
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }
}

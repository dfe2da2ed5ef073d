package io.gatehouse.platform.observe;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Everything that is logged in this JVM meanwhile, as JSON lines. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final JsonLines encoder = new JsonLines();

    CapturedLog() {
        setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        encoder.start();
        start();
        root().addAppender(this);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
        synchronized (this) {
            notifyAll();
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** The first line of this kind, which may be yet to come. */
    synchronized String await(Predicate<String> kind) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            var found = lines.stream().filter(kind).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("No such line among " + lines);
            }
            try {
                wait(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        root().detachAppender(this);
        stop();
    }
}

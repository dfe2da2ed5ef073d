package io.gatehouse.platform.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.gatehouse.platform.observe.ObservabilityConfiguration.AccessLogged;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.core.annotation.Nullable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * A line for each request that was answered. Nobody waits for it: lines are written by a thread of their own, and are dropped and
 * counted when that one cannot keep up.
 */
@Singleton
public final class AccessLog {

    /** Whose requests. */
    public enum Protocol { HTTP, LDAP }

    private static final int CAPACITY = 16 * 1024;
    /** The writer looks now and then, rather than being woken: a wake-up is a system call of whoever answers a request. */
    private static final int PAUSE_MILLIS = 20;
    private static final String LOGGER = "io.gatehouse.access.";

    private final AccessLogged logged;
    private final BlockingQueue<AccessEntry> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final Map<Protocol, Logger> loggers = new EnumMap<>(Protocol.class);
    private final Counter dropped;
    private final @Nullable Thread writer;
    private volatile boolean stopped;

    AccessLog(ObservabilityConfiguration configuration, MeterRegistry meters) {
        logged = configuration.accessLog();
        dropped = Counter.builder("gatehouse.access.log.dropped").description("Lines that the access log could not keep up with")
                .register(meters);
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        for (var protocol : Protocol.values()) {
            var logger = context.getLogger(LOGGER + protocol);
            logger.setLevel(Level.INFO);
            loggers.put(protocol, logger);
        }
        writer = logged == AccessLogged.NONE ? null : Thread.ofPlatform().daemon().name("access-log").start(this::run);
    }

    /** Whether to make an entry at all. */
    public boolean takes(Protocol protocol) {
        return switch (logged) {
            case ALL -> true;
            case HTTP -> protocol == Protocol.HTTP;
            case LDAP -> protocol == Protocol.LDAP;
            case NONE -> false;
        };
    }

    public void add(AccessEntry entry) {
        if (!waiting.offer(entry)) {
            dropped.increment();
        }
    }

    private void run() {
        var batch = new ArrayList<AccessEntry>();
        while (!stopped || !waiting.isEmpty()) {
            if (waiting.drainTo(batch) == 0) {
                pause();
            }
            batch.forEach(this::write);
            batch.clear();
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private void write(AccessEntry entry) {
        var logger = loggers.get(entry.protocol());
        var event = new LoggingEvent(AccessLog.class.getName(), logger, Level.INFO, entry.text(), null, null);
        event.setInstant(entry.endedAt());
        event.setMDCPropertyMap(Map.of());
        entry.fields((name, value) -> event.addKeyValuePair(new KeyValuePair(name, value)));
        logger.callAppenders(event);
    }

    /** Writes what is waiting. */
    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        if (writer != null) {
            writer.join();
        }
    }
}

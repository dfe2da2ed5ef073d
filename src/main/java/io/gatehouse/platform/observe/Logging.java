package io.gatehouse.platform.observe;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.gatehouse.platform.observe.ObservabilityConfiguration.LogFormat;
import jakarta.inject.Singleton;
import org.slf4j.LoggerFactory;

/** Makes the log what the settings ask for. */
@Singleton
public final class Logging {

    private static final String OWN = "io.gatehouse";
    private static final String APPENDER = "console";

    private final ObservabilityConfiguration configuration;

    Logging(ObservabilityConfiguration configuration) {
        this.configuration = configuration;
    }

    public void configure() {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger(OWN).setLevel(Level.valueOf(configuration.logLevel().name()));
        if (configuration.logFormat() == LogFormat.JSON
                && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER) instanceof OutputStreamAppender<ILoggingEvent> console) {
            var lines = new JsonLines();
            lines.setContext(context);
            lines.start();
            console.setEncoder(lines);
        }
    }
}

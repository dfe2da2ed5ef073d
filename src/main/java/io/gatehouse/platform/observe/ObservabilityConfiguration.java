package io.gatehouse.platform.observe;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * @param metrics   who may read {@code /prometheus}
 * @param accessLog of which requests a line is logged
 * @param logFormat how the log is written
 * @param logLevel  from which level on the server's own events are logged
 */
@ConfigurationProperties("gatehouse")
public record ObservabilityConfiguration(
        @Bindable(defaultValue = "open") Metrics metrics,
        @Bindable(defaultValue = "http") AccessLogged accessLog,
        @Bindable(defaultValue = "text") LogFormat logFormat,
        @Bindable(defaultValue = "info") LogLevel logLevel) {

    public enum Metrics { OPEN, ADMINISTRATORS, OFF }

    public enum AccessLogged { ALL, HTTP, LDAP, NONE }

    public enum LogFormat { TEXT, JSON }

    public enum LogLevel { ERROR, WARN, INFO, DEBUG, TRACE }
}

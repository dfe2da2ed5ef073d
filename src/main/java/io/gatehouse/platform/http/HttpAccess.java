package io.gatehouse.platform.http;

import io.gatehouse.platform.observe.AccessEntry;
import io.gatehouse.platform.observe.AccessLog;
import io.gatehouse.platform.observe.LogText;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The line of a request: of its query the names only, since values may be secrets, and no tokens of the path. */
record HttpAccess(Exchange exchange, Instant endedAt, long nanos) implements AccessEntry {

    private static final int LONGEST = 500;
    /** Whoever reads the log must not be able to use what somebody else was mailed. */
    private static final Pattern TOKEN = Pattern.compile("(/auth/(?:invitations|password-reset)/)[^/]+");

    @Override
    public AccessLog.Protocol protocol() {
        return AccessLog.Protocol.HTTP;
    }

    @Override
    public String text() {
        return String.format(Locale.ROOT, "%s %s %d %.1fms %dB %s %s %s", method(), path(), exchange.status(), nanos / 1e6, exchange.bytes(),
                address(), principal(), exchange.correlationId());
    }

    @Override
    public void fields(BiConsumer<String, Object> field) {
        field.accept(Exchange.CORRELATION_ID, exchange.correlationId());
        field.accept("method", method());
        field.accept("path", path());
        field.accept("route", exchange.route());
        field.accept("status", exchange.status());
        field.accept("durationMicros", nanos / 1_000);
        field.accept("bytes", exchange.bytes());
        field.accept("address", exchange.address());
        field.accept("principal", exchange.principal());
    }

    private String method() {
        return LogText.of(exchange.method(), 20).replace(' ', '_');
    }

    private String principal() {
        return LogText.of(exchange.principal(), LONGEST).replace(' ', '_');
    }

    private String address() {
        return LogText.of(exchange.address(), LONGEST);
    }

    private String path() {
        var target = exchange.target();
        int query = target.indexOf('?');
        var path = LogText.of(TOKEN.matcher(query < 0 ? target : target.substring(0, query)).replaceFirst("$1***"), LONGEST);
        if (query < 0) {
            return path;
        }
        var names = Arrays.stream(target.substring(query + 1).split("&")).limit(20)
                .map(parameter -> parameter.indexOf('=') < 0 ? "..." : LogText.of(parameter.substring(0, parameter.indexOf('=')), 40))
                .collect(Collectors.joining("&"));
        return path + "?" + names;
    }
}

package io.gatehouse.platform.http;

import io.gatehouse.platform.observe.AccessLog;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Sees every answer leave, whoever made it: gives it the headers that all have, counts it, and logs it. */
@Singleton
final class Exchanges implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

    private static final String API = "/api/";

    private final HttpMeters meters;
    private final AccessLog log;
    private final HttpConfiguration configuration;

    Exchanges(HttpMeters meters, AccessLog log, HttpConfiguration configuration) {
        this.meters = meters;
        this.log = log;
        this.configuration = configuration;
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        var registry = event.getBean();
        registry.register(new Customizer(null));
        return registry;
    }

    /** Headers that say what browsers may do with the answer: nothing, unless a route says otherwise. */
    void head(Exchange exchange, HttpHeaders headers) {
        headers.set(Exchange.HEADER, exchange.correlationId());
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        addIfAbsent(headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        if (exchange.target().startsWith(API)) {
            addIfAbsent(headers, HttpHeaderNames.CACHE_CONTROL, "no-store");
        }
        if (exchange.isSecure()) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
    }

    private static void addIfAbsent(HttpHeaders headers, CharSequence name, String value) {
        if (!headers.contains(name)) {
            headers.add(name, value);
        }
    }

    void ended(Exchange exchange) {
        long nanos = System.nanoTime() - exchange.startedNanos();
        meters.count(exchange, nanos);
        if (log.takes(AccessLog.Protocol.HTTP)) {
            log.add(new HttpAccess(exchange, Instant.now(), nanos));
        }
    }

    private final class Customizer implements NettyServerCustomizer {

        private final Channel channel;

        Customizer(Channel channel) {
            this.channel = channel;
        }

        @Override
        public NettyServerCustomizer specializeForChannel(Channel connection, ChannelRole role) {
            return new Customizer(connection);
        }

        @Override
        public void onStreamPipelineBuilt() {
            var deadline = new RequestDeadline(configuration.requestTimeout());
            var handler = new ExchangeHandler(Exchanges.this, deadline);
            deadline.answerOnlyIf(handler::mayRefuse);
            channel.pipeline()
                    .addBefore(ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC, "request-deadline", deadline)
                    .addBefore(ChannelPipelineCustomizer.HANDLER_MICRONAUT_INBOUND, "exchange", handler);
        }
    }
}

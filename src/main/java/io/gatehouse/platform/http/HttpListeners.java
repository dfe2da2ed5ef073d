package io.gatehouse.platform.http;

import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration;
import io.micronaut.http.server.netty.configuration.NettyHttpServerConfiguration.NettyListenerConfiguration;
import jakarta.inject.Singleton;
import java.util.List;

/** Has the server listen at a second port, if one is configured for {@link HttpsListener}. */
@Singleton
final class HttpListeners implements BeanCreatedEventListener<NettyHttpServerConfiguration> {

    private final HttpsConfiguration configuration;

    HttpListeners(HttpsConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public NettyHttpServerConfiguration onCreated(BeanCreatedEvent<NettyHttpServerConfiguration> event) {
        var server = event.getBean();
        if (configuration.port() != null) {
            // The one without TLS first, as HttpsListener expects it.
            server.setListeners(List.of(listener(server, server.getPort().orElseThrow()), listener(server, configuration.port())));
        }
        return server;
    }

    private static NettyListenerConfiguration listener(NettyHttpServerConfiguration server, int port) {
        return NettyListenerConfiguration.createTcp(server.getHost().orElse(null), port, false, null, null);
    }
}

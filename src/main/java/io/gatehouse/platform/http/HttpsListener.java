package io.gatehouse.platform.http;

import io.gatehouse.platform.tls.TlsMaterial;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.util.OptionalInt;

/** Speaks TLS at the second of the {@link HttpListeners}, with the certificate of LDAP: a connection gets the one that is in service when it begins. */
@Singleton
public final class HttpsListener implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final BeanProvider<TlsMaterial> tls;
    private volatile Channel plain;
    private volatile Channel secure;

    HttpsListener(BeanProvider<TlsMaterial> tls) {
        this.tls = tls;
    }

    /** Empty if there is none. */
    public OptionalInt port() {
        return secure == null ? OptionalInt.empty() : OptionalInt.of(((InetSocketAddress) secure.localAddress()).getPort());
    }

    @Override
    public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
        var registry = event.getBean();
        registry.register(new Customizer());
        return registry;
    }

    private SslHandler handler() {
        var engine = tls.get().context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(VERSIONS);
        return new SslHandler(engine);
    }

    private final class Customizer implements NettyServerCustomizer {

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            if (role == ChannelRole.CONNECTION && channel.parent() == secure) {
                return new SecureConnection(channel);
            }
            if (role == ChannelRole.LISTENER && plain == null) {
                plain = channel;
            } else if (role == ChannelRole.LISTENER) {
                secure = channel;
            }
            return this;
        }
    }

    private final class SecureConnection implements NettyServerCustomizer {

        private final Channel channel;

        SecureConnection(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onInitialPipelineBuilt() {
            channel.pipeline().addFirst("tls", handler());
        }
    }
}

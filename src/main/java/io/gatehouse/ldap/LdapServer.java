package io.gatehouse.ldap;

import com.unboundid.ldap.listener.LDAPListener;
import com.unboundid.ldap.listener.LDAPListenerClientConnection;
import com.unboundid.ldap.listener.LDAPListenerConfig;
import com.unboundid.ldap.listener.LDAPListenerExceptionHandler;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.identity.LdapEndpoints;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.tls.TlsMaterial;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The LDAP listeners: one in the clear with StartTLS, one with TLS from the first byte. */
@Singleton
public final class LdapServer implements LdapEndpoints {

    private static final Logger LOG = LoggerFactory.getLogger(LdapServer.class);

    private final LdapConfiguration configuration;
    private final DirectoryLayout layout;
    private final TlsMaterial tls;
    private final RequestHandler.Operations operations;
    private final LdapMeters meters;
    private ConnectionWatch watch;
    private LDAPListener ldap;
    private LDAPListener ldaps;

    LdapServer(LdapConfiguration configuration, DirectoryLayout layout, TlsMaterial tls, RequestHandler.Operations operations, LdapMeters meters) {
        this.configuration = configuration;
        this.layout = layout;
        this.tls = tls;
        this.operations = operations;
        this.meters = meters;
    }

    /** @throws StartupFailure if a port cannot be used */
    public void start() {
        watch = new ConnectionWatch();
        meters.watch(watch);
        ldap = listen(configuration.port(), null, "GATEHOUSE_LDAP_PORT");
        ldaps = listen(configuration.ldapsPort(), tls::context, "GATEHOUSE_LDAPS_PORT");
    }

    /** Whether connections are taken on both ports. */
    boolean isListening() {
        return ldap != null && ldap.isAlive() && ldaps != null && ldaps.isAlive();
    }

    public int port() {
        return ldap.getListenPort();
    }

    public int ldapsPort() {
        return ldaps.getListenPort();
    }

    @Override
    public String baseDn() {
        return layout.base();
    }

    @Override
    public List<String> uris() {
        if (configuration.publicUris() != null) {
            return configuration.publicUris();
        }
        return ldaps == null ? List.of() : List.of("ldaps://" + hostName() + ":" + ldapsPort());
    }

    @PreDestroy
    void stop() {
        if (watch != null) {
            for (var listener : new LDAPListener[] {ldap, ldaps}) {
                if (listener != null) {
                    listener.shutDown(false);
                }
            }
            watch.close();
        }
    }

    private LDAPListener listen(int port, Supplier<SSLContext> context, String setting) {
        var config = new LDAPListenerConfig(port, new RequestHandler(operations));
        config.setServerSocketFactory(GuardedServerSocket.factory(configuration, watch, meters, context));
        config.setMaxMessageSizeBytes(configuration.maxMessageSize());
        config.setExceptionHandler(new Farewell());
        // A lingering close would wait for a client that does not read.
        config.setUseLinger(false);
        try {
            if (configuration.address() != null) {
                config.setListenAddress(InetAddress.getByName(configuration.address()));
            }
            var listener = new LDAPListener(config);
            listener.startListening();
            return listener;
        } catch (IOException e) {
            throw new StartupFailure("Port " + port + " cannot be used for LDAP (" + e.getMessage() + "). Stop what uses it, or set "
                    + setting + " (0: any free port).", e);
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Ends a connection whose bytes the SDK could not decode with the result code that RFC 4511 section 4.1.1 asks for. */
    private static final class Farewell implements LDAPListenerExceptionHandler {

        @Override
        public void connectionCreationFailure(Socket socket, Throwable cause) {
            LOG.debug("A connection could not be accepted", cause);
        }

        @Override
        public void connectionTerminated(LDAPListenerClientConnection client, LDAPException cause) {
            if (client.getSocket() instanceof SocketView view) {
                view.connection().decodingEnded(cause);
            }
        }
    }
}

package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections that are watched, bounded in number, and speak TLS from the start where they should. */
final class GuardedServerSocket extends ServerSocket {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedServerSocket.class);

    private final LdapConfiguration limits;
    private final ConnectionWatch watch;
    private final LdapMeters meters;
    private final Supplier<SSLContext> tls;

    private GuardedServerSocket(int port, int backlog, InetAddress address, LdapConfiguration limits, ConnectionWatch watch,
                                LdapMeters meters, Supplier<SSLContext> tls) throws IOException {
        super(port, backlog, address);
        this.limits = limits;
        this.watch = watch;
        this.meters = meters;
        this.tls = tls;
    }

    /** @param tls asked for each connection; null: connections start in the clear */
    static ServerSocketFactory factory(LdapConfiguration limits, ConnectionWatch watch, LdapMeters meters, Supplier<SSLContext> tls) {
        return new ServerSocketFactory() {
            @Override
            public ServerSocket createServerSocket(int port) throws IOException {
                return createServerSocket(port, 0);
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                return createServerSocket(port, backlog, null);
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
                return new GuardedServerSocket(port, Math.max(backlog, 1024), address, limits, watch, meters, tls);
            }
        };
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            var socket = super.accept();
            try {
                var connection = new LdapConnection(socket, limits, watch::remove);
                if (watch.size() >= limits.maxConnections()) {
                    meters.connectionRefused();
                    turnAway(socket);
                    continue;
                }
                if (tls != null) {
                    connection.startTls(tls.get());
                }
                watch.add(connection);
                return connection.view();
            } catch (IOException | RuntimeException e) {
                LOG.debug("A connection could not be taken", e);
                socket.close();
            }
        }
    }

    private void turnAway(Socket socket) throws IOException {
        try (socket) {
            if (tls == null) {
                socket.getOutputStream().write(LdapConnection.notice(ResultCode.BUSY,
                        "There are " + limits.maxConnections() + " connections already; come back later."));
            }
        }
    }
}

package io.gatehouse.ldap;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends connections that rest or dawdle for too long. One thread looks at all of them now and then, which costs a request
 * nothing; a time-out on the socket would cost each two more system calls.
 */
final class ConnectionWatch implements AutoCloseable {

    private static final int PERIOD_MILLIS = 250;

    private final Set<LdapConnection> connections = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ldap-connection-watch").factory());

    ConnectionWatch() {
        timer.scheduleWithFixedDelay(() -> connections.forEach(LdapConnection::endIfOverdue),
                PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    int size() {
        return connections.size();
    }

    void add(LdapConnection connection) {
        connections.add(connection);
    }

    void remove(LdapConnection connection) {
        connections.remove(connection);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        connections.forEach(LdapConnection::close);
    }
}

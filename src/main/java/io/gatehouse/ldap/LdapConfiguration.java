package io.gatehouse.ldap;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.util.List;

/**
 * @param address                   the local address to listen on; null: all
 * @param port                      LDAP with StartTLS; 0: any free one
 * @param ldapsPort                 LDAP over TLS; 0: any free one
 * @param publicUris                how clients reach this server, for the configuration it hands out; null: by this host's name
 * @param allowCleartextFromLoopback whether passwords may travel without TLS on the loopback interface
 * @param maxConnections            connections at a time; further ones are told to come back
 * @param maxMessageSize            bytes of a request, once bound
 * @param maxMessageSizeBeforeBind  bytes of a request before
 * @param messageTimeout            how long a request may take to arrive, a TLS handshake to finish, and a response to be taken
 * @param idleTimeout               how long a bound connection may rest
 * @param unboundIdleTimeout        how long a connection may rest before it binds
 * @param searchTimeLimit           how long a search may take
 */
@ConfigurationProperties("gatehouse.ldap")
record LdapConfiguration(
        @Nullable String address,
        @Bindable(defaultValue = "1389") int port,
        @Bindable(defaultValue = "1636") int ldapsPort,
        @Nullable List<String> publicUris,
        @Bindable(defaultValue = "false") boolean allowCleartextFromLoopback,
        @Bindable(defaultValue = "5000") int maxConnections,
        @Bindable(defaultValue = "4194304") int maxMessageSize,
        @Bindable(defaultValue = "65536") int maxMessageSizeBeforeBind,
        @Bindable(defaultValue = "30s") Duration messageTimeout,
        @Bindable(defaultValue = "1h") Duration idleTimeout,
        @Bindable(defaultValue = "2m") Duration unboundIdleTimeout,
        @Bindable(defaultValue = "60s") Duration searchTimeLimit) {
}

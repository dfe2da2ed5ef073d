package io.gatehouse.platform.http;

import io.gatehouse.platform.Network;
import io.gatehouse.platform.StartupFailure;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Tells where a request comes from: from the peer, or, if the peer is a proxy that is trusted, from whom that proxy says. Each
 * proxy appends its own peer to {@code X-Forwarded-For}, so the header is read from its end: the first address there that is no
 * trusted proxy is the client, whatever it wrote in front of that.
 */
@Singleton
public final class ClientAddress {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED_PROTO = "X-Forwarded-Proto";
    private static final Pattern IPV4_WITH_PORT = Pattern.compile("([\\d.]+):\\d{1,5}");
    private static final Pattern IPV6_IN_BRACKETS = Pattern.compile("\\[([^\\]]*)](:\\d{1,5})?");

    private final List<Network> proxies;

    /** @throws StartupFailure if a proxy is neither an address nor a network */
    ClientAddress(ProxyConfiguration configuration) {
        proxies = configuration.trustedProxies() == null ? List.of() : configuration.trustedProxies().stream()
                .map(String::strip).filter(proxy -> !proxy.isEmpty()).map(ClientAddress::proxy).toList();
    }

    public InetAddress of(HttpRequest<?> request) {
        var peer = request.getRemoteAddress().getAddress();
        return isTrusted(peer) ? of(peer, request.getHeaders().getAll(FORWARDED_FOR)) : peer;
    }

    /** Whether the client speaks TLS: to this server or, as that says, to a proxy that is trusted. */
    boolean isOverTls(HttpRequest<?> request) {
        return request.isSecure() || isTrusted(request.getRemoteAddress().getAddress())
                && "https".equalsIgnoreCase(request.getHeaders().get(FORWARDED_PROTO));
    }

    /** @param headers in the order of their lines */
    InetAddress of(InetAddress peer, List<String> headers) {
        if (!isTrusted(peer)) {
            return peer;
        }
        var hops = new ArrayList<String>();
        headers.forEach(header -> hops.addAll(Arrays.asList(header.split(",", -1))));
        var client = peer;
        for (var hop : hops.reversed()) {
            var address = address(hop.strip());
            if (address == null) {
                return client;
            }
            client = address;
            if (!isTrusted(client)) {
                return client;
            }
        }
        return client;
    }

    private boolean isTrusted(InetAddress address) {
        for (var proxy : proxies) {
            if (proxy.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable InetAddress address(String hop) {
        var withPort = IPV4_WITH_PORT.matcher(hop);
        var inBrackets = IPV6_IN_BRACKETS.matcher(hop);
        try {
            return Network.address(withPort.matches() ? withPort.group(1) : inBrackets.matches() ? inBrackets.group(1) : hop);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Network proxy(String text) {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new StartupFailure("GATEHOUSE_TRUSTED_PROXIES holds " + text + ": " + e.getMessage(), e);
        }
    }
}

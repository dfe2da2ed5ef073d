package io.gatehouse.gateway.agents;

import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.Network;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * All keys of agents, in memory, so that agents are answered while the database is gone. One that was deleted is forgotten when its
 * deletion is told by the change feed, on every node.
 */
@Singleton
final class KnownAgentKeys implements ChangeListener {

    /**
     * A key that is given out.
     *
     * @param hash      SHA-256 of the key
     * @param expiresAt null: never
     * @param networks  from where it may be used; empty: from anywhere
     */
    record Known(UUID id, int site, String name, byte[] hash, @Nullable Instant expiresAt, List<Network> networks) {

        private boolean isGood() {
            return expiresAt == null || expiresAt.isAfter(Instant.now());
        }

        private boolean isGoodFrom(InetAddress address) {
            return isGood() && (networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(address)));
        }
    }

    private final Database database;
    private final AgentKeyRows rows;
    private final HeldRequests held;
    private volatile Map<ByteBuffer, Known> byHash = Map.of();
    private volatile Map<UUID, Known> byId = Map.of();

    KnownAgentKeys(Database database, AgentKeyRows rows, HeldRequests held) {
        this.database = database;
        this.rows = rows;
        this.held = held;
    }

    /** Empty unless it is one that is good here and now. */
    Optional<Known> find(String key, InetAddress address) {
        return RandomSecret.looksLikeAgentKey(key)
                ? Optional.ofNullable(byHash.get(ByteBuffer.wrap(Sha256.of(key)))).filter(known -> known.isGoodFrom(address))
                : Optional.empty();
    }

    /** Whether the key is good still. */
    boolean isGood(UUID id) {
        var known = byId.get(id);
        return known != null && known.isGood();
    }

    /** Those that have agents, or could have. */
    Set<Integer> sites() {
        return byId.values().stream().map(Known::site).collect(Collectors.toSet());
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> change.table().equals("agent_keys"))) {
            reload();
        }
    }

    @Override
    public void reload() {
        var keys = database.jdbi().withHandle(rows::known);
        byHash = keys.stream().collect(Collectors.toUnmodifiableMap(key -> ByteBuffer.wrap(key.hash()), key -> key));
        byId = keys.stream().collect(Collectors.toUnmodifiableMap(Known::id, key -> key));
        held.releaseUnless(this::isGood);
    }
}

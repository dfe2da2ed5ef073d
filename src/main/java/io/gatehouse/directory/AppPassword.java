package io.gatehouse.directory;

import io.gatehouse.platform.Network;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What a program of a person proves itself by.
 *
 * @param hash      SHA-256
 * @param expiresAt null: never
 * @param networks  from where it is good; none: from anywhere
 */
public record AppPassword(UUID id, byte[] hash, Instant expiresAt, List<Network> networks) {

    /** @param text id, hash in hexadecimal digits, milliseconds since 1970 or 0, and networks with commas between them */
    static AppPassword parse(String text) {
        var parts = text.split(" ", -1);
        long millis = Long.parseLong(parts[2]);
        return new AppPassword(UUID.fromString(parts[0]), HexFormat.of().parseHex(parts[1]), millis == 0 ? null : Instant.ofEpochMilli(millis),
                Stream.of(parts[3].split(",")).filter(network -> !network.isEmpty()).map(Network::parse).toList());
    }

    public boolean isAlive(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }

    /** Whether it is this one, and good now and there. */
    public boolean opens(byte[] presented, InetAddress address, Instant now) {
        return MessageDigest.isEqual(hash, presented) && isAlive(now)
                && (networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(address)));
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return "AppPassword[" + id + "]";
    }
}

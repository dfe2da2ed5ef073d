package io.gatehouse.credentials;

/**
 * What an account is at a moment.
 *
 * @param account  one and the same name for it
 * @param hash     the stored hash
 * @param revision changes with anything about the account: its password, its keys, its factors, its state
 */
public record Stamp(String account, String hash, long revision) {

    /** Without the hash. */
    @Override
    public String toString() {
        return "Stamp[" + account + " " + revision + "]";
    }
}

package io.gatehouse.gateway.certificates;

import io.gatehouse.platform.MasterKey;
import jakarta.inject.Singleton;
import java.security.KeyPair;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The keys by which certificate authorities know this fleet: one for each authority and mail address. */
@Singleton
final class AcmeAccounts {

    private final MasterKey masterKey;

    AcmeAccounts(MasterKey masterKey) {
        this.masterKey = masterKey;
    }

    KeyPair key(Handle handle, Renewal renewal) {
        var email = Objects.requireNonNullElse(renewal.email(), "");
        return find(handle, renewal.directory(), email).orElseGet(() -> {
            add(handle, renewal.directory(), email);
            return find(handle, renewal.directory(), email).orElseThrow();
        });
    }

    private Optional<KeyPair> find(Handle handle, String directory, String email) {
        return handle.createQuery("select public_key, private_key from acme_accounts where directory = :directory and email = :email")
                .bind("directory", directory)
                .bind("email", email)
                .map((row, context) -> KeyPairs.read(row.getBytes("public_key"),
                        masterKey.decrypt(row.getBytes("private_key"), context(directory, email))))
                .findOne();
    }

    /** Unless another node has been faster. */
    private void add(Handle handle, String directory, String email) {
        var pair = KeyPairs.generate();
        handle.createUpdate("""
                        insert into acme_accounts (directory, email, public_key, private_key) values (:directory, :email, :public, :private)
                        on conflict do nothing""")
                .bind("directory", directory)
                .bind("email", email)
                .bind("public", pair.getPublic().getEncoded())
                .bind("private", masterKey.encrypt(pair.getPrivate().getEncoded(), context(directory, email)))
                .execute();
    }

    private static String context(String directory, String email) {
        return "acme_accounts.private_key:" + directory + " " + email;
    }
}

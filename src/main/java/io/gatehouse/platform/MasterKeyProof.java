package io.gatehouse.platform;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;

/** Makes sure that all nodes of a fleet, and all starts of one node, use the same master key. */
@Singleton
public final class MasterKeyProof {

    private static final String CONTEXT = "master-key-proof";
    private static final byte[] TEXT = "Gatehouse".getBytes(StandardCharsets.UTF_8);

    private final Database database;
    private final MasterKey key;

    MasterKeyProof(Database database, MasterKey key) {
        this.database = database;
        this.key = key;
    }

    /** @throws StartupFailure if the database's secrets are encrypted with another key */
    public void check() {
        var sealed = database.jdbi().inTransaction(handle -> {
            handle.execute("insert into master_key_proof (sealed) values (?) on conflict do nothing", key.encrypt(TEXT, CONTEXT));
            return handle.createQuery("select sealed from master_key_proof").mapTo(byte[].class).one();
        });
        try {
            key.decrypt(sealed, CONTEXT);
        } catch (IllegalStateException e) {
            throw new StartupFailure("The secrets in this database are encrypted with another master key. Set GATEHOUSE_MASTER_KEY or "
                    + "GATEHOUSE_MASTER_KEY_FILE to that of the node that set it up (master.key in its data directory).", e);
        }
    }
}

package io.gatehouse.platform.tls;

import io.gatehouse.platform.Database;
import io.gatehouse.platform.MasterKey;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The CA of all nodes on one database: the first node makes it, later ones take it over. */
@Singleton
final class FleetAuthority implements Founding {

    private static final String CONTEXT = "certificate-authority";

    private record Stored(String certificates, byte[] sealedKey) {
    }

    private final Database database;
    private final MasterKey masterKey;

    FleetAuthority(Database database, MasterKey masterKey) {
        this.database = database;
        this.masterKey = masterKey;
    }

    @Override
    public CertificateAuthority authority(Instant now) throws UnusableMaterial {
        var fresh = CertificateAuthority.create(now);
        var stored = store(Pem.encode(fresh.certificates()), masterKey.encrypt(bytes(Pem.encode(fresh.key())), CONTEXT));
        var key = new String(masterKey.decrypt(stored.sealedKey(), CONTEXT), StandardCharsets.US_ASCII);
        return new CertificateAuthority(Pem.privateKey(key), Pem.certificates(stored.certificates()));
    }

    /** What is stored in the end, by whichever node came first. */
    private Stored store(String certificates, byte[] sealedKey) {
        return database.jdbi().inTransaction(handle -> {
            handle.execute("insert into certificate_authority (certificates, private_key) values (?, ?) on conflict do nothing",
                    certificates, sealedKey);
            return handle.createQuery("select certificates, private_key from certificate_authority")
                    .map((row, context) -> new Stored(row.getString("certificates"), row.getBytes("private_key"))).one();
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

package io.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.StartupFailure;
import io.micronaut.security.token.jwt.signature.SignatureGeneratorConfiguration;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The keys of all nodes: the newest signs, any of them verifies. */
@Singleton
@Named("generator")
final class SigningKeys implements SignatureGeneratorConfiguration, ChangeListener {

    private static final String TABLE = "signing_keys";

    private final Database database;
    private final MasterKey masterKey;
    private volatile List<SigningKey> keys;

    SigningKeys(Database database, MasterKey masterKey) {
        this.database = database;
        this.masterKey = masterKey;
        keys = database.jdbi().inTransaction(this::loadOrCreate);
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> change.table().equals(TABLE))) {
            reload();
        }
    }

    @Override
    public void reload() {
        keys = database.jdbi().withHandle(this::load);
    }

    @Override
    public SignedJWT sign(JWTClaimsSet claims) throws JOSEException {
        var key = keys.getFirst();
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.id().toString()).build(), claims);
        token.sign(new ECDSASigner(key.pair()));
        return token;
    }

    @Override
    public boolean verify(SignedJWT token) throws JOSEException {
        for (var key : keys) {
            if (key.id().toString().equals(token.getHeader().getKeyID()) && supports(token.getHeader().getAlgorithm())) {
                return token.verify(new ECDSAVerifier(key.pair()));
            }
        }
        return false;
    }

    @Override
    public boolean supports(JWSAlgorithm algorithm) {
        return JWSAlgorithm.ES256.equals(algorithm);
    }

    @Override
    public String supportedAlgorithmsMessage() {
        return "Only ES256 is supported";
    }

    /** Several nodes may start at once: one of them creates the first key, the others wait and load it. */
    private List<SigningKey> loadOrCreate(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.signing-keys'))");
        var found = load(handle);
        if (!found.isEmpty()) {
            return found;
        }
        var key = SigningKey.generate();
        handle.createUpdate("insert into signing_keys (id, public_jwk, private_key) values (:id, cast(:publicJwk as jsonb), :privateKey)")
                .bind("id", key.id())
                .bind("publicJwk", key.pair().toPublicJWK().toJSONString())
                .bind("privateKey", masterKey.encrypt(key.pair().toJSONString().getBytes(StandardCharsets.UTF_8), context(key.id())))
                .execute();
        return List.of(key);
    }

    private List<SigningKey> load(Handle handle) {
        return handle.createQuery("select id, private_key from signing_keys order by created_at desc")
                .map((row, context) -> decrypt(row.getObject("id", UUID.class), row.getBytes("private_key")))
                .list();
    }

    private SigningKey decrypt(UUID id, byte[] sealed) {
        try {
            return SigningKey.parse(id, new String(masterKey.decrypt(sealed, context(id)), StandardCharsets.UTF_8));
        } catch (IllegalStateException e) {
            throw new StartupFailure("The database was used with another master key than this one. Restore the data directory's"
                    + " master.key, or set GATEHOUSE_MASTER_KEY to the one of the other nodes.", e);
        }
    }

    private static String context(UUID id) {
        return "signing-key:" + id;
    }
}

package io.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.RecurringTask;
import io.gatehouse.platform.StartupFailure;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * The keys of all nodes: the newest that has begun to signs, any of them verifies. A new one comes in time, some minutes before
 * it signs, so that every node and whoever fetches the public keys knows it by then; an old one goes when the last token that
 * it signed has expired.
 */
@Singleton
final class SigningKeys implements ChangeListener, RecurringTask {

    /** From a key's publication to its first signature. */
    static final Duration PUBLICATION = Duration.ofMinutes(10);
    /** By how much the clocks of nodes may differ. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMinutes(5);
    private static final String TABLE = "signing_keys";

    private final Database database;
    private final MasterKey masterKey;
    private final Duration rotation;
    /** The latest to sign first. */
    private volatile List<SigningKey> keys;

    SigningKeys(Database database, MasterKey masterKey, AuthConfiguration configuration) {
        this.database = database;
        this.masterKey = masterKey;
        rotation = configuration.orFail().signingKeyRotation();
        keys = database.jdbi().inTransaction(this::loadOrCreate);
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> change.table().equals(TABLE))) {
            reload();
        }
    }

    /** If somebody has deleted all keys, which voids all tokens, there is a new one at once. */
    @Override
    public void reload() {
        var found = database.jdbi().withHandle(this::load);
        keys = found.isEmpty() ? database.jdbi().inTransaction(this::loadOrCreate) : found;
    }

    SignedJWT sign(JWTClaimsSet claims, Instant now) throws JOSEException {
        var present = keys;
        var key = present.stream().filter(candidate -> !candidate.signsFrom().isAfter(now)).findFirst().orElseGet(present::getLast);
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.id().toString()).build(), claims);
        token.sign(new ECDSASigner(key.pair()));
        return token;
    }

    /** Whether one of these keys signed the token, by ES256 and nothing else. */
    boolean verify(SignedJWT token) throws JOSEException {
        var key = find(token.getHeader().getKeyID());
        return key.isPresent() && JWSAlgorithm.ES256.equals(token.getHeader().getAlgorithm())
                && token.verify(new ECDSAVerifier(key.get().pair().toPublicJWK()));
    }

    /** Whether the tokens of that key still are good. */
    boolean verifies(String keyId) {
        return find(keyId).isPresent();
    }

    /** The public parts of all keys, those to come included (RFC 7517 section 5). */
    JWKSet published() {
        return new JWKSet(keys.stream().<JWK>map(key -> new ECKey.Builder(key.pair().toPublicJWK()).keyUse(KeyUse.SIGNATURE).build()).toList());
    }

    @Override
    public String name() {
        return TABLE;
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        rotate(handle, Instant.now());
    }

    /** Publishes the next key if the present one has served its time by then, and deletes those that nobody needs any more. */
    void rotate(Handle handle, Instant now) {
        var present = load(handle);
        var successor = now.plus(PUBLICATION);
        if (!present.isEmpty() && !present.getFirst().signsFrom().plus(rotation).isAfter(successor)) {
            insert(handle, SigningKey.generate(successor));
        }
        for (int i = 1; i < present.size(); i++) {
            var lastTokenExpires = present.get(i - 1).signsFrom().plus(AccessTokens.LIFE).plus(CLOCKS);
            if (lastTokenExpires.isBefore(now)) {
                handle.execute("delete from signing_keys where id = ?", present.get(i).id());
            }
        }
    }

    private Optional<SigningKey> find(String keyId) {
        return keys.stream().filter(key -> key.id().toString().equals(keyId)).findFirst();
    }

    /** Several nodes may start at once: one of them creates the first key, the others wait and load it. */
    private List<SigningKey> loadOrCreate(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.signing-keys'))");
        var found = load(handle);
        if (!found.isEmpty()) {
            return found;
        }
        insert(handle, SigningKey.generate(Instant.now()));
        return load(handle);
    }

    private void insert(Handle handle, SigningKey key) {
        handle.createUpdate("""
                        insert into signing_keys (id, public_jwk, private_key, signs_from)
                        values (:id, cast(:publicJwk as jsonb), :privateKey, :signsFrom)""")
                .bind("id", key.id())
                .bind("publicJwk", key.pair().toPublicJWK().toJSONString())
                .bind("privateKey", masterKey.encrypt(key.pair().toJSONString().getBytes(StandardCharsets.UTF_8), context(key.id())))
                .bind("signsFrom", key.signsFrom().atOffset(ZoneOffset.UTC))
                .execute();
    }

    private List<SigningKey> load(Handle handle) {
        return handle.createQuery("select id, private_key, signs_from from signing_keys order by signs_from desc, id")
                .map((row, context) -> decrypt(
                        row.getObject("id", UUID.class),
                        row.getObject("signs_from", OffsetDateTime.class).toInstant(),
                        row.getBytes("private_key")))
                .list();
    }

    private SigningKey decrypt(UUID id, Instant signsFrom, byte[] sealed) {
        try {
            return SigningKey.parse(id, signsFrom, new String(masterKey.decrypt(sealed, context(id)), StandardCharsets.UTF_8));
        } catch (IllegalStateException e) {
            throw new StartupFailure("The database was used with another master key than this one. Restore the data directory's"
                    + " master.key, or set GATEHOUSE_MASTER_KEY to the one of the other nodes.", e);
        }
    }

    private static String context(UUID id) {
        return "signing-key:" + id;
    }
}

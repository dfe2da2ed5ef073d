package io.gatehouse.platform.http;

import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.json.JsonMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code idempotency_keys}. Answers may hold a secret that is shown once, so they are encrypted. */
@Singleton
final class StoredAnswers {

    /** Marks an answer that was given before. */
    private static final String REPLAYED = "Idempotent-Replayed";
    private static final List<String> HEADERS = List.of(HttpHeaders.LOCATION, HttpHeaders.CACHE_CONTROL);

    private final MasterKey masterKey;
    private final JsonMapper json;

    StoredAnswers(MasterKey masterKey, JsonMapper json) {
        this.masterKey = masterKey;
        this.json = json;
    }

    /** @param body JSON; null for none */
    @Serdeable
    record Answer(int status, Map<String, String> headers, @Nullable String body) {
    }

    /**
     * Takes the key for a request that is about to be carried out; waits while another transaction has it.
     *
     * @return the answer if it was carried out already
     * @throws Problem if the key was used for another request
     */
    Optional<HttpResponse<?>> claim(Handle handle, String principal, String key, byte[] fingerprint) {
        handle.execute("delete from idempotency_keys where principal = ? and key = ? and created_at < now() - interval '24 hours'", principal, key);
        boolean fresh = handle.execute("insert into idempotency_keys (principal, key, fingerprint) values (?, ?, ?) on conflict do nothing",
                principal, key, fingerprint) > 0;
        if (fresh) {
            return Optional.empty();
        }
        return handle.createQuery("select fingerprint, answer from idempotency_keys where principal = :principal and key = :key")
                .bind("principal", principal)
                .bind("key", key)
                .<HttpResponse<?>>map((row, context) -> {
                    if (!Arrays.equals(row.getBytes("fingerprint"), fingerprint)) {
                        throw Problem.conflict(IdempotencyKeys.HEADER, key, "This key was used for another request; use a new one.");
                    }
                    return replay(row.getBytes("answer"), principal, key);
                })
                .findOne();
    }

    void store(Handle handle, String principal, String key, HttpResponse<?> response) {
        var headers = new LinkedHashMap<String, String>();
        HEADERS.forEach(name -> response.getHeaders().findFirst(name).ifPresent(value -> headers.put(name, value)));
        if (response.body() instanceof Revised resource) {
            headers.put(HttpHeaders.ETAG, EntityTags.of(resource));
        }
        try {
            var body = response.body() == null ? null : json.writeValueAsString(response.body());
            var answer = json.writeValueAsBytes(new Answer(response.code(), headers, body));
            handle.execute("update idempotency_keys set answer = ? where principal = ? and key = ?",
                    masterKey.encrypt(answer, context(principal, key)), principal, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<?> replay(byte[] sealed, String principal, String key) {
        try {
            var answer = json.readValue(masterKey.decrypt(sealed, context(principal, key)), Answer.class);
            var response = HttpResponse.status(HttpStatus.valueOf(answer.status())).header(REPLAYED, "true");
            answer.headers().forEach(response::header);
            return answer.body() == null ? response
                    : response.body(answer.body().getBytes(StandardCharsets.UTF_8)).contentType(MediaType.APPLICATION_JSON_TYPE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void deleteExpired(Handle handle) {
        handle.execute("delete from idempotency_keys where created_at < now() - interval '24 hours'");
    }

    private static String context(String principal, String key) {
        return "idempotency:" + principal + ":" + key;
    }
}

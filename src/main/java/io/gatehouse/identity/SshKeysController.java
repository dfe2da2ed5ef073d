package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.RequestDocument;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A user's SSH keys over HTTP. */
@Tag(name = "SSH keys")
@Controller("/api/v1/users/{username}/ssh-keys")
@Scope("users")
@Secured({Role.ADMINISTRATOR, Role.USER})
final class SshKeysController {

    private static final String HASH = "SHA256:";

    private final Users users;

    SshKeysController(Users users) {
        this.users = users;
    }

    /** Lists a user's SSH keys. */
    @Get
    @Operation(operationId = "listSshKeys")
    Page<SshKey> list(String username, Caller caller) {
        caller.requireSelfOrAdministrator(username);
        return new Page<>(users.keys(username), null);
    }

    /** Adds an SSH key, which lets the user in at once. */
    @Post
    @Operation(operationId = "addSshKey")
    @Status(HttpStatus.CREATED)
    HttpResponse<SshKey> add(String username, @Body NewKey wish, Caller caller, Actor actor) {
        caller.requireSelfOrAdministrator(username);
        var key = users.addKey(username, SshPublicKey.parse(Text.required("publicKey", wish.publicKey())), actor);
        return HttpResponse.created(key, URI.create("/api/v1/users/" + username + "/ssh-keys/"
                + URLEncoder.encode(key.fingerprint(), StandardCharsets.UTF_8)));
    }

    /**
     * Takes an SSH key away.
     *
     * @param fingerprint with or without {@code SHA256:}; its slashes may be escaped or not
     */
    @Delete("/{fingerprint:.+}")
    @Operation(operationId = "removeSshKey")
    @Status(HttpStatus.NO_CONTENT)
    void remove(String username, String fingerprint, Caller caller, Actor actor) {
        caller.requireSelfOrAdministrator(username);
        // Base64 has no blanks, but decoding a path may have made them of its plus signs.
        var hash = fingerprint.replace(' ', '+');
        users.removeKey(username, hash.startsWith(HASH) ? hash : HASH + hash, actor);
    }

    /** @param publicKey a line of an authorized_keys file, without options */
    @RequestDocument
    record NewKey(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String publicKey) {
    }
}

package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.DocumentStream;
import io.gatehouse.platform.http.LargeBody;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;

/** People and groups of other systems over HTTP. */
@Tag(name = "Users")
@Controller("/api/v1/imports")
@Scope("users")
@Secured(Role.ADMINISTRATOR)
final class ImportsController {

    private final Imports imports;

    ImportsController(Imports imports) {
        this.imports = imports;
    }

    /**
     * Brings in users and groups of another system, all of them or none. The body may have 64 MiB. One line tells of each change and
     * each refusal; one refusal is enough that nothing is changed. An API key needs the scope groups:write, too, if there are groups.
     */
    @Post
    @Operation(operationId = "importDirectory")
    @LargeBody
    @RequestBody(required = true, content = @Content(mediaType = "application/json", schema = @Schema(implementation = NewImport.class)))
    ImportReport run(@Body InputStream body, Authentication authentication, Actor actor) {
        var wish = DocumentStream.read(NewImport.class, body);
        if (wish.groups() != null && !wish.groups().isEmpty() && !PrincipalAttributes.mayUse(authentication, "groups:write")) {
            throw Problem.forbidden("groups", "This API key lacks the scope groups:write.");
        }
        return imports.run(wish, actor);
    }
}

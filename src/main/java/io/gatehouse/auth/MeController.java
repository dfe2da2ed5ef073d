package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvents;
import io.gatehouse.audit.RecordedEvent;
import io.gatehouse.identity.NewUser;
import io.gatehouse.identity.User;
import io.gatehouse.identity.UserPatch;
import io.gatehouse.identity.Users;
import io.gatehouse.platform.http.FirstDuty;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.OpenBefore;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.openapi.PatchOf;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** Oneself over HTTP. */
@Tag(name = "Authentication")
@Controller("/api/v1/me")
@Scope("users")
@Secured(Role.USER)
final class MeController {

    private final Users users;
    private final AuditEvents events;

    MeController(Users users, AuditEvents events) {
        this.users = users;
        this.events = events;
    }

    /** Tells who one is. */
    @Get
    @Operation(operationId = "getMe")
    @OpenBefore({FirstDuty.CHANGE_PASSWORD, FirstDuty.SET_UP_SECOND_FACTOR})
    User show(Authentication caller) {
        return users.get(caller.getName());
    }

    /** Changes what people keep themselves: names, shell, gecos and SSH keys. */
    @Patch
    @Operation(operationId = "modifyMe")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    User modify(@Body @PatchOf(value = NewUser.class, name = "OwnPatch",
                    except = {"username", "password", "passwordHash", "passwordChangeRequired", "status", "groups", "mail", "homeDirectory"}) MergePatch members,
            IfMatch condition, Authentication caller, Actor actor) {
        return users.modify(caller.getName(), UserPatch.ofOneself(members), condition, actor);
    }

    /** Lists what one did and what was done to one's account, newest first. */
    @Get("/audit")
    @Operation(operationId = "listOwnAuditEvents")
    @Scope("audit")
    Page<RecordedEvent> audit(ListRequest request, Authentication caller) {
        return events.about(caller.getName(), users.get(caller.getName()).createdAt(), request);
    }
}

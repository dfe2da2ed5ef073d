package io.gatehouse.access;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.openapi.PatchOf;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;

/** Policies over HTTP. */
@Tag(name = "Access")
@Controller("/api/v1/policies")
@Scope("access")
@Secured(Role.ADMINISTRATOR)
final class PoliciesController {

    private final Policies policies;

    PoliciesController(Policies policies) {
        this.policies = policies;
    }

    /**
     * Lists policies, the first to decide first.
     *
     * @param target      whom they name: a type and a name with a colon between, such as group:devs
     * @param destination where they count: a type and a name with a colon between, such as site:berlin or cidr:10.0.0.0/8
     */
    @Get
    @Operation(operationId = "listPolicies")
    Page<ShownPolicy> list(ListRequest request, @Nullable @QueryValue String name, @Nullable @QueryValue String target,
                           @Nullable @QueryValue String destination, @Nullable @QueryValue Boolean active) {
        return policies.list(request, new Policies.Filter(name, target == null ? null : PolicyValues.target(target),
                destination == null ? null : PolicyValues.destination(destination), active));
    }

    /** Creates a policy, which counts for the next login. */
    @Post
    @Operation(operationId = "createPolicy")
    @Status(HttpStatus.CREATED)
    HttpResponse<ShownPolicy> create(@Body NewPolicy wish, Actor actor) {
        var policy = policies.create(wish, actor);
        return HttpResponse.created(policy, URI.create("/api/v1/policies/" + policy.id()));
    }

    /** Tells of a policy. */
    @Get("/{id}")
    @Operation(operationId = "getPolicy")
    ShownPolicy show(int id) {
        return policies.get(id);
    }

    /** Changes a policy; targets and destinations are replaced as a whole. */
    @Patch("/{id}")
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    @Operation(operationId = "modifyPolicy")
    ShownPolicy modify(int id, @Body @PatchOf(value = NewPolicy.class, notNull = {"active", "login"}) MergePatch members, IfMatch condition, Actor actor) {
        return policies.modify(id, members, condition, actor);
    }

    /** Deletes a policy. */
    @Delete("/{id}")
    @Operation(operationId = "deletePolicy")
    @Status(HttpStatus.NO_CONTENT)
    void delete(int id, IfMatch condition, Actor actor) {
        policies.delete(id, condition, actor);
    }
}

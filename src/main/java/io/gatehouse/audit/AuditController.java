package io.gatehouse.audit;

import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.InputStream;

/** Shows the event log. */
@Tag(name = "Audit")
@Controller("/api/v1/audit")
@Scope("audit")
@Secured(Role.ADMINISTRATOR)
final class AuditController {

    static final String NDJSON = "application/x-ndjson";

    private final AuditEvents events;

    AuditController(AuditEvents events) {
        this.events = events;
    }

    /**
     * Lists what happened, newest first.
     *
     * @param actor     the name of who did it
     * @param actorType user, service-account, container, agent, system or anonymous
     * @param action    a dotted name such as identity.user.created, or the first parts of it and an asterisk, such as identity.*
     * @param target    to whom or what, such as user:alice
     * @param outcome   success or failure
     * @param address   where the request came from
     * @param since     the earliest time, as in RFC 3339
     * @param until     the time before which it happened, as in RFC 3339
     */
    @Get
    @Operation(operationId = "listAuditEvents")
    Page<RecordedEvent> list(ListRequest request, @Nullable @QueryValue String actor, @Nullable @QueryValue String actorType,
                             @Nullable @QueryValue String action, @Nullable @QueryValue String target,
                             @Nullable @QueryValue String outcome, @Nullable @QueryValue String address,
                             @Nullable @QueryValue String since, @Nullable @QueryValue String until) {
        return events.list(request, AuditFilter.of(actor, actorType, action, target, outcome, address, since, until));
    }

    /**
     * Exports what happened, oldest first, one JSON document a line.
     *
     * @param actor     the name of who did it
     * @param actorType user, service-account, container, agent, system or anonymous
     * @param action    a dotted name such as identity.user.created, or the first parts of it and an asterisk, such as identity.*
     * @param target    to whom or what, such as user:alice
     * @param outcome   success or failure
     * @param address   where the request came from
     * @param since     the earliest time, as in RFC 3339
     * @param until     the time before which it happened, as in RFC 3339
     */
    @Get("/export")
    @Operation(operationId = "exportAuditEvents")
    @Produces(NDJSON)
    InputStream export(@Nullable @QueryValue String actor, @Nullable @QueryValue String actorType,
                       @Nullable @QueryValue String action, @Nullable @QueryValue String target,
                       @Nullable @QueryValue String outcome, @Nullable @QueryValue String address,
                       @Nullable @QueryValue String since, @Nullable @QueryValue String until) {
        return events.lines(AuditFilter.of(actor, actorType, action, target, outcome, address, since, until));
    }
}

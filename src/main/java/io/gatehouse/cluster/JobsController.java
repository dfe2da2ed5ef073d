package io.gatehouse.cluster;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.http.StreamEvent;
import io.gatehouse.platform.openapi.PatchOf;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.annotation.Status;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import org.reactivestreams.Publisher;

/** Jobs over HTTP. */
@Tag(name = "Jobs")
@Controller("/api/v1/jobs")
@Scope("jobs")
@Secured({Role.USER, Role.SERVICE})
final class JobsController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Jobs jobs;
    private final JobEvents events;

    JobsController(Jobs jobs, JobEvents events) {
        this.jobs = jobs;
        this.events = events;
    }

    /** Lists jobs, the oldest first: an administrator sees all, others see their own. */
    @Get
    @Operation(operationId = "listJobs")
    Page<Job> list(ListRequest request, @Nullable @QueryValue String status, @Nullable @QueryValue String associatedResource,
                   @Nullable @QueryValue String createdBy, Caller caller) {
        var filter = new Jobs.Filter(status == null ? null : JobStatus.parse(status), associatedResource, createdBy);
        return jobs.list(request, filter, caller);
    }

    /** Creates a job, which is pending. */
    @Post
    @Secured(Role.ADMINISTRATOR)
    @Operation(operationId = "createJob")
    @Status(HttpStatus.CREATED)
    HttpResponse<Job> create(@Body NewJob wish, Caller caller, Actor actor) {
        var job = jobs.create(wish, caller, actor);
        return HttpResponse.created(job, URI.create("/api/v1/jobs/" + job.id()));
    }

    /** Tells of a job. */
    @Get("/{id}")
    @Operation(operationId = "getJob")
    Job show(int id, Caller caller) {
        return jobs.get(id, caller);
    }

    /** Moves a job on: from pending to running, and from there to its end. */
    @Patch("/{id}")
    @Secured(Role.ADMINISTRATOR)
    @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
    @Operation(operationId = "modifyJob")
    Job modify(int id, @Body @PatchOf(value = Job.class, except = {
            "id", "name", "associatedResource", "createdBy", "createdAt", "updatedAt", "startedAt", "endedAt"}) MergePatch members, IfMatch condition, Actor actor) {
        var status = members.names("status") ? JobStatus.parse(Text.required("status", members.text("status"))) : null;
        members.end();
        return jobs.move(id, status, condition, actor);
    }

    /** Cancels a job that has not ended. */
    @Post("/{id}/cancel")
    @Operation(operationId = "cancelJob")
    Job cancel(int id, IfMatch condition, Caller caller, Actor actor) {
        return jobs.cancel(id, condition, caller, actor);
    }

    /** Lists what a job said, the oldest first. */
    @Get("/{id}/statuses")
    @Operation(operationId = "listJobStatuses")
    Page<JobMessage> messages(int id, ListRequest request, Caller caller) {
        return jobs.messages(id, request, caller);
    }

    /** Adds to what a job says, as long as it has not ended. */
    @Post("/{id}/statuses")
    @Secured(Role.ADMINISTRATOR)
    @Operation(operationId = "createJobStatus")
    @Status(HttpStatus.CREATED)
    HttpResponse<JobMessage> say(int id, @Body NewJobMessage wish) {
        return HttpResponse.created(jobs.say(id, wish.message()), URI.create("/api/v1/jobs/" + id + "/statuses"));
    }

    /** Tells live what happens to a job, until it has ended and all is told. */
    @Get("/{id}/events")
    @Produces(MediaType.TEXT_EVENT_STREAM)
    @Operation(operationId = "followJob")
    HttpResponse<Publisher<StreamEvent>> events(int id, @Nullable @Header(LAST_EVENT_ID) String lastEventId, Caller caller, HttpRequest<?> request) {
        long after = lastEventId == null ? 0 : messageId(lastEventId);
        jobs.get(id, caller);
        return HttpResponse.ok(events.of(id, after, caller, request))
                // Said here, for the answer may begin before the first event is written.
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // Proxies would otherwise hold events back.
                .header("X-Accel-Buffering", "no");
    }

    private static long messageId(String lastEventId) {
        try {
            long id = Long.parseLong(lastEventId);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw Problem.invalid(LAST_EVENT_ID, lastEventId, "The id of a message is needed.");
    }
}

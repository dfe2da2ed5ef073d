package io.gatehouse.cluster;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Work that takes longer than a request: how far it is, and what it says meanwhile. Who does it is not known here. */
@Singleton
public final class Jobs {

    /** The longest message in bytes of UTF-8. */
    public static final int LONGEST_MESSAGE = 65_536;

    private final Transactions transactions;
    private final JobRows rows;
    private final AuditLog audit;

    Jobs(Transactions transactions, JobRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    /** Which jobs to list; what is null does not matter. */
    public record Filter(@Nullable JobStatus status, @Nullable String associatedResource, @Nullable String createdBy) {
    }

    /** How far a job is, and what it said behind a certain message. */
    record Progress(JobStatus status, List<JobMessage> messages) {
    }

    /** An administrator sees all, others see their own. */
    public Page<Job> list(ListRequest request, Filter filter, Caller caller) {
        var conditions = new Conditions()
                .equal("j.status", filter.status() == null ? null : filter.status().text())
                .equal("j.associated_resource", filter.associatedResource())
                .equal("u.username", filter.createdBy())
                .equal("u.username", caller.administrator() ? null : caller.name());
        return transactions.read(handle -> rows.list(handle, request, conditions));
    }

    /** @throws Problem if there is no such job that the caller may see */
    public Job get(int id, Caller caller) {
        return transactions.read(handle -> visible(rows.find(handle, id), id, caller));
    }

    /** @throws Problem if there is no such job that the caller may see */
    public Page<JobMessage> messages(int id, ListRequest request, Caller caller) {
        return transactions.read(handle -> {
            visible(rows.find(handle, id), id, caller);
            return rows.messages(handle, id, request);
        });
    }

    /** @throws Problem if a value breaks a rule */
    public Job create(NewJob wish, Caller caller, Actor actor) {
        return transactions.write(handle -> create(handle, wish, caller.name(), actor));
    }

    /**
     * Creates a job along with whatever else the transaction does.
     *
     * @param creator whose job it is
     * @throws Problem if a value breaks a rule
     */
    public Job create(Handle handle, NewJob wish, String creator, Actor actor) {
        var name = Text.name("name", Text.required("name", wish.name()));
        var resource = wish.associatedResource() == null ? null : Text.name("associatedResource", wish.associatedResource());
        var job = rows.find(handle, rows.insert(handle, name, resource, creator)).orElseThrow();
        var event = success(actor, "cluster.job.created", target(job.id())).changed("name", null, name)
                .changed("associatedResource", null, resource).changed("status", null, job.status().text());
        audit.record(handle, event);
        return job;
    }

    /**
     * Adds to what a job says.
     *
     * @throws Problem if there is no such job, it has ended, or the message is empty, too long, or has a NUL
     */
    public JobMessage say(int id, @Nullable String message) {
        var text = checked(message);
        return transactions.write(handle -> {
            if (locked(handle, id).status().isFinal()) {
                throw Problem.conflict(null, null, "The job has ended and says nothing more.");
            }
            return rows.insertMessage(handle, id, text);
        });
    }

    /**
     * @param status null to leave it as it is
     * @throws Problem if there is no such job, or it cannot become that from what it is
     */
    public Job move(int id, @Nullable JobStatus status, IfMatch condition, Actor actor) {
        return transactions.write(handle -> {
            var before = locked(handle, id);
            condition.check(before);
            return status == null ? before : move(handle, before, status, "cluster.job.modified", actor);
        });
    }

    /** @throws Problem if there is no such job that the caller may see, or it has ended otherwise */
    public Job cancel(int id, IfMatch condition, Caller caller, Actor actor) {
        return transactions.write(handle -> {
            var before = visible(rows.lock(handle, id), id, caller);
            condition.check(before);
            return move(handle, before, JobStatus.CANCELLED, "cluster.job.cancelled", actor);
        });
    }

    /** Empty if there is no such job that the caller may see. */
    Optional<Progress> progress(int id, long after, int limit, Caller caller) {
        // The status first: nothing is said after the end, so that what is read then is all there is.
        return transactions.read(handle -> rows.find(handle, id).filter(job -> mayBeSeen(job, caller))
                .map(job -> new Progress(job.status(), rows.messagesAfter(handle, id, after, limit))));
    }

    private Job move(Handle handle, Job before, JobStatus status, String action, Actor actor) {
        if (before.status() == status) {
            return before;
        }
        if (!before.status().leadsTo(status)) {
            throw Problem.conflict("status", status.text(),
                    "A job that is " + before.status().text() + " does not become " + status.text() + ".");
        }
        rows.updateStatus(handle, before.id(), status);
        audit.record(handle, success(actor, action, target(before.id())).changed("status", before.status().text(), status.text()));
        return rows.find(handle, before.id()).orElseThrow();
    }

    private Job locked(Handle handle, int id) {
        return rows.lock(handle, id).orElseThrow(() -> noJob(id));
    }

    /** Whoever may not see a job is not told that there is one. */
    private static Job visible(Optional<Job> job, int id, Caller caller) {
        return job.filter(found -> mayBeSeen(found, caller)).orElseThrow(() -> noJob(id));
    }

    private static boolean mayBeSeen(Job job, Caller caller) {
        return caller.administrator() || caller.name().equals(job.createdBy());
    }

    private static String checked(@Nullable String message) {
        if (Text.required("message", message).isEmpty() || message.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE) {
            throw Problem.invalidSecret("message", "1 to " + LONGEST_MESSAGE + " bytes of text are needed.");
        }
        if (message.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(message)) {
            throw Problem.invalidSecret("message", "The text must not have a NUL character, nor half of a surrogate pair.");
        }
        return message;
    }

    private static String target(int id) {
        return "job:" + id;
    }

    private static Problem noJob(int id) {
        return Problem.notFound("job", id);
    }
}

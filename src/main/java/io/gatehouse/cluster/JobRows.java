package io.gatehouse.cluster;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The tables {@code jobs} and {@code job_statuses}. */
@Singleton
final class JobRows {

    private static final String SELECT = "select j.*, u.username from jobs j left join users u on u.uid_number = j.created_by";

    private static final Listing<Job> JOBS = Listing.of(SELECT, JobRows::job)
            .key("j.id", Type.NUMBER, Job::id)
            .sort("id", "j.id", Type.NUMBER, Job::id)
            .sort("createdAt", "j.created_at", Type.TIME, Job::createdAt)
            .sort("status", "j.status", Type.TEXT, job -> job.status().text())
            .search("j.name", "j.associated_resource");

    private static final Listing<JobMessage> MESSAGES = Listing.of("select s.* from job_statuses s", JobRows::message)
            .key("s.id", Type.NUMBER, JobMessage::id);

    Page<Job> list(Handle handle, ListRequest request, Conditions conditions) {
        return JOBS.page(handle, request, conditions);
    }

    Page<JobMessage> messages(Handle handle, int job, ListRequest request) {
        return MESSAGES.page(handle, request, new Conditions().equal("s.job_id", job));
    }

    /** In their order, those after a message. */
    List<JobMessage> messagesAfter(Handle handle, int job, long after, int limit) {
        return handle.createQuery("select * from job_statuses where job_id = :job and id > :after order by id limit :limit")
                .bind("job", job)
                .bind("after", after)
                .bind("limit", limit)
                .map(JobRows::message)
                .list();
    }

    Optional<Job> find(Handle handle, int id) {
        return handle.createQuery(SELECT + " where j.id = :id").bind("id", id).map(JobRows::job).findOne();
    }

    /** As long as the transaction lasts nobody else changes it, nor adds to what it said. */
    Optional<Job> lock(Handle handle, int id) {
        return handle.createQuery(SELECT + " where j.id = :id for no key update of j").bind("id", id).map(JobRows::job).findOne();
    }

    /** @param creator a user name; of anybody else's jobs nobody is the creator */
    int insert(Handle handle, String name, @Nullable String associatedResource, String creator) {
        return handle.createUpdate("""
                        insert into jobs (name, associated_resource, created_by)
                        values (:name, :associatedResource, (select uid_number from users where username = :creator))""")
                .bind("name", name)
                .bind("associatedResource", associatedResource)
                .bind("creator", creator)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(int.class)
                .one();
    }

    void updateStatus(Handle handle, int id, JobStatus status) {
        handle.execute("update jobs set status = ? where id = ?", status.text(), id);
    }

    JobMessage insertMessage(Handle handle, int job, String message) {
        return handle.createUpdate("insert into job_statuses (job_id, message) values (:job, :message)")
                .bind("job", job)
                .bind("message", message)
                .executeAndReturnGeneratedKeys("id", "job_id", "message", "created_at")
                .map(JobRows::message)
                .one();
    }

    private static Job job(ResultSet row, StatementContext context) throws SQLException {
        return new Job(
                row.getInt("id"),
                row.getString("name"),
                row.getString("associated_resource"),
                JobStatus.parse(row.getString("status")),
                row.getString("username"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                instant(row, "started_at"),
                instant(row, "ended_at"),
                row.getLong("revision"));
    }

    private static JobMessage message(ResultSet row, StatementContext context) throws SQLException {
        return new JobMessage(row.getLong("id"), row.getInt("job_id"), row.getString("message"), instant(row, "created_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}

package io.gatehouse.platform;

import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the {@link RecurringTask}s from the end of the start on, each by one node at a time. */
@Singleton
public final class RecurringTasks {

    private static final Logger LOG = LoggerFactory.getLogger(RecurringTasks.class);

    private final Database database;
    private final List<RecurringTask> tasks;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("recurring-tasks").factory());

    RecurringTasks(Database database, List<RecurringTask> tasks) {
        this.database = database;
        this.tasks = tasks;
    }

    @EventListener
    void start(ServerStartupEvent started) {
        for (var task : tasks) {
            schedule.scheduleWithFixedDelay(() -> attempt(task), 0, task.pause().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** @return false if another node is at it */
    public boolean run(RecurringTask task) {
        return database.jdbi().inTransaction(handle -> {
            boolean mine = handle.createQuery("select pg_try_advisory_xact_lock(hashtext('gatehouse.task'), hashtext(:name))")
                    .bind("name", task.name()).mapTo(boolean.class).one();
            if (mine) {
                task.run(handle);
            }
            return mine;
        });
    }

    private void attempt(RecurringTask task) {
        try {
            run(task);
        } catch (RuntimeException e) {
            // It comes back: a database that is gone, or anything else, must not be the end of it.
            LOG.warn("The recurring task {} failed ({}); it is tried again in {}", task.name(), e.getMessage(), task.pause());
            LOG.debug("The recurring task {} failed", task.name(), e);
        }
    }

    @PreDestroy
    void stop() {
        schedule.shutdownNow();
    }
}

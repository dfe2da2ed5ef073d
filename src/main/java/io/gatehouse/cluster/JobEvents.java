package io.gatehouse.cluster;

import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.Standing;
import io.gatehouse.platform.http.StreamEvent;
import io.micronaut.http.HttpRequest;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.TaskScheduler;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** Tells clients live what happens to jobs, on whatever node it happens. */
@Singleton
final class JobEvents implements ChangeListener {

    /** A message of the job. */
    @Serdeable
    record Said(long id, String message, Instant createdAt) {
    }

    /** What the job is from now on, or was when the client came. */
    @Serdeable
    record Became(JobStatus status) {
    }

    /** @param user the number of the user who watches, or one that nobody has */
    private record Entry(int job, int user, JobWatch watch) {
    }

    private static final int NO_USER = -1;
    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final Jobs jobs;
    private final Standing standing;
    private final Transactions transactions;
    private final ExecutorService blocking;
    private final TaskScheduler scheduler;
    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

    JobEvents(Jobs jobs, Standing standing, Transactions transactions, @Named(TaskExecutors.BLOCKING) ExecutorService blocking,
              @Named(TaskExecutors.SCHEDULED) TaskScheduler scheduler) {
        this.jobs = jobs;
        this.standing = standing;
        this.transactions = transactions;
        this.blocking = blocking;
        this.scheduler = scheduler;
    }

    /**
     * What happens to a job behind a message, up to its end. It breaks off when the caller may not see the job any more.
     *
     * @param request how the caller showed who he is
     */
    Publisher<StreamEvent> of(int job, long after, Caller caller, HttpRequest<?> request) {
        int user = userNumber(caller);
        return client -> watch(job, after, caller, user, request, client);
    }

    /** How many clients watch at the moment. */
    int watching() {
        return entries.size();
    }

    @Override
    public void changed(List<Change> changes) {
        for (var change : changes) {
            switch (change.table()) {
                case "jobs" -> {
                    int job = Integer.parseInt(change.key());
                    each(entry -> entry.job() == job, JobWatch::newsArrived);
                }
                case "users" -> {
                    int user = Integer.parseInt(change.key());
                    each(entry -> entry.user() == user, JobWatch::rightsChanged);
                }
                default -> { }
            }
        }
    }

    @Override
    public void reload() {
        each(entry -> true, JobWatch::rightsChanged);
    }

    /** Not by an annotation, for which this and the database would be made before the settings are looked at. */
    @EventListener
    void start(ServerStartupEvent started) {
        scheduler.scheduleWithFixedDelay(PAUSE, PAUSE, this::tick);
    }

    /** Tokens run out, and what is between ends connections that are silent for a minute or less. */
    void tick() {
        each(entry -> true, JobWatch::timePassed);
    }

    @PreDestroy
    void stop() {
        each(entry -> true, JobWatch::stop);
    }

    private void watch(int job, long after, Caller caller, int user, HttpRequest<?> request, Subscriber<? super StreamEvent> client) {
        var entry = new Entry[1];
        var watch = new JobWatch((message, limit, present) -> jobs.progress(job, message, limit, present), () -> standing.of(request),
                caller, after, client, blocking, () -> entries.remove(entry[0]));
        entry[0] = new Entry(job, user, watch);
        entries.add(entry[0]);
        client.onSubscribe(watch);
        watch.begin();
    }

    private void each(Predicate<Entry> which, Consumer<JobWatch> what) {
        entries.stream().filter(which).map(Entry::watch).forEach(what);
    }

    private int userNumber(Caller caller) {
        return transactions.read(handle -> handle.createQuery("select uid_number from users where username = :name")
                .bind("name", caller.name())
                .mapTo(int.class)
                .findOne()
                .orElse(NO_USER));
    }
}

package io.gatehouse.cluster;

import io.gatehouse.platform.Unavailable;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.StreamEvent;
import io.micronaut.core.annotation.Nullable;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client who follows one job. It has no thread: whoever has news of the job, and the client when it is ready for more, wake
 * it. What the client is not ready for stays in the database, but for {@value #BATCH} messages at most.
 */
final class JobWatch implements Subscription {

    static final int BATCH = 16;

    private static final Logger LOG = LoggerFactory.getLogger(JobWatch.class);

    /** What the job said. */
    interface Source {
        /** Empty if there is no such job, or the caller may not see it. */
        Optional<Jobs.Progress> after(long message, int limit, Caller caller);
    }

    private final Source source;
    private final Supplier<Optional<Caller>> standing;
    private final Subscriber<? super StreamEvent> client;
    private final Executor executor;
    private final Runnable onEnd;

    private final AtomicLong demand = new AtomicLong();
    /** One more than there were until it begins: nothing is told before the client knows of the watch (Reactive Streams, rule 1.3). */
    private final AtomicInteger wakes = new AtomicInteger(1);
    private volatile boolean news = true;
    private volatile boolean doubts;
    private volatile boolean silence;
    private volatile boolean ended;

    // What follows is used by one run at a time.
    private final Queue<StreamEvent> ready = new ArrayDeque<>();
    private Caller caller;
    private long last;
    private @Nullable JobStatus shown;
    private boolean complete;

    /**
     * @param standing who the client is by now; empty if it may not ask any more
     * @param last     the message that the client saw last
     */
    JobWatch(Source source, Supplier<Optional<Caller>> standing, Caller caller, long last, Subscriber<? super StreamEvent> client,
             Executor executor, Runnable onEnd) {
        this.source = source;
        this.standing = standing;
        this.caller = caller;
        this.last = last;
        this.client = client;
        this.executor = executor;
        this.onEnd = onEnd;
    }

    /** The client knows of the watch. */
    void begin() {
        executor.execute(this::run);
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            fail(new IllegalArgumentException("The demand must be positive (Reactive Streams, rule 3.9)."));
            return;
        }
        demand.accumulateAndGet(count, (present, more) -> present + more < 0 ? Long.MAX_VALUE : present + more);
        wake();
    }

    @Override
    public void cancel() {
        ended = true;
        onEnd.run();
    }

    /** Something about the job may have changed. */
    void newsArrived() {
        news = true;
        wake();
    }

    /** The client's rights may have changed. */
    void rightsChanged() {
        doubts = true;
        wake();
    }

    /** Some time has passed, in which rights may have run out; the client gets a sign of life. */
    void timePassed() {
        silence = true;
        doubts = true;
        wake();
    }

    /** The server stops. */
    void stop() {
        complete = true;
        news = false;
        wake();
    }

    private void wake() {
        if (wakes.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        int seen = wakes.get();
        do {
            try {
                advance();
            } catch (Unavailable e) {
                // The change feed wakes everybody when the database is back.
                news = true;
            } catch (RuntimeException e) {
                LOG.error("The events of a job cannot be told", e);
                fail(e);
            }
            seen = wakes.addAndGet(-seen);
        } while (seen != 0);
    }

    private void advance() {
        while (!ended) {
            if (doubts && !stillAllowed()) {
                end();
                return;
            }
            tellReady();
            if (!ready.isEmpty()) {
                return;
            }
            if (complete) {
                end();
                return;
            }
            if (!news || demand.get() == 0) {
                break;
            }
            news = false;
            look();
        }
        if (silence && !ended && demand.get() > 0) {
            tell(StreamEvent.KEEP_ALIVE);
        }
    }

    private boolean stillAllowed() {
        doubts = false;
        var now = standing.get();
        now.ifPresent(present -> caller = present);
        // Whether the caller may still see this job is asked with the next look.
        news = true;
        return now.isPresent();
    }

    /** The status before the messages as long as more may follow, after them at the end. */
    private void look() {
        var progress = source.after(last, BATCH, caller).orElse(null);
        if (progress == null) {
            complete = true;
            return;
        }
        boolean more = progress.messages().size() == BATCH;
        if (!progress.status().isFinal()) {
            show(progress.status());
        }
        for (var message : progress.messages()) {
            ready.add(new StreamEvent(Long.toString(message.id()), "status-message",
                    new JobEvents.Said(message.id(), message.message(), message.createdAt())));
            last = message.id();
        }
        if (more) {
            news = true;
        } else if (progress.status().isFinal()) {
            show(progress.status());
            complete = true;
        }
    }

    private void show(JobStatus status) {
        if (status != shown) {
            shown = status;
            ready.add(new StreamEvent(null, "status", new JobEvents.Became(status)));
        }
    }

    private void tellReady() {
        while (!ended && !ready.isEmpty() && demand.get() > 0) {
            tell(ready.remove());
        }
    }

    private void tell(StreamEvent event) {
        silence = false;
        demand.updateAndGet(present -> present == Long.MAX_VALUE ? present : present - 1);
        client.onNext(event);
    }

    private void end() {
        if (!ended) {
            ended = true;
            onEnd.run();
            client.onComplete();
        }
    }

    private void fail(RuntimeException cause) {
        if (!ended) {
            ended = true;
            onEnd.run();
            client.onError(cause);
        }
    }
}

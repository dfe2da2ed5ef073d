package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;

/** A thread that does its work when it is woken, once for all who wake it meanwhile. What fails is told, and waits for the next time. */
public final class Worker {

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final String name;
    private final Logger log;
    private final Runnable work;
    private final Semaphore due = new Semaphore(0);
    private @Nullable Thread thread;

    /**
     * @param name of the thread
     * @param work that ends early when its thread is interrupted
     */
    public Worker(String name, Logger log, Runnable work) {
        this.name = name;
        this.log = log;
        this.work = work;
    }

    public void start() {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
    }

    public void wake() {
        due.release();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                due.acquire();
                due.drainPermits();
                work.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.warn("The work of {} was not done ({}); the next round comes", name, e.getMessage());
                log.debug("The work of {} was not done", name, e);
            }
        }
    }

    /** Waits some seconds for the end of what is under way. */
    public void stop() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join(LAST_WORDS);
        }
    }
}

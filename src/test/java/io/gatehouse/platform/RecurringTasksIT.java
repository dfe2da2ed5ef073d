package io.gatehouse.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

class RecurringTasksIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private record Task(String name, Consumer<Handle> work) implements RecurringTask {

        @Override
        public Duration pause() {
            return Duration.ofDays(1);
        }

        @Override
        public void run(Handle handle) {
            work.accept(handle);
        }
    }

    @Test
    void areRunByOneNodeAtATime() throws Exception {
        var database = TestPostgres.freshDatabase();
        try (var node = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = other.bean(RecurringTasks.class);
            var begun = new CountDownLatch(1);
            var end = new CountDownLatch(1);
            var first = threads.submit(() -> node.bean(RecurringTasks.class).run(new Task("slow", handle -> {
                begun.countDown();
                await(end);
            })));
            begun.await();

            assertThat(tasks.run(new Task("slow", handle -> { }))).isFalse();
            assertThat(tasks.run(new Task("other", handle -> { }))).isTrue();

            end.countDown();
            assertThat(first.get()).isTrue();
            assertThat(tasks.run(new Task("slow", handle -> { }))).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.StreamEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class JobWatchTest {

    private static final Caller ALICE = new Caller("alice", false);

    private final List<JobMessage> said = new ArrayList<>();
    private final List<Long> looks = new ArrayList<>();
    private final Client client = new Client();
    private JobStatus status = JobStatus.RUNNING;
    private Optional<Caller> standing = Optional.of(ALICE);
    private int ends;

    private final JobWatch watch = new JobWatch(this::look, () -> standing, ALICE, 0, client, Runnable::run, () -> ends++);

    private Optional<Jobs.Progress> look(long after, int limit, Caller caller) {
        looks.add(after);
        return Optional.of(new Jobs.Progress(status, said.stream().filter(message -> message.id() > after).limit(limit).toList()));
    }

    private void say(int count) {
        for (int i = 0; i < count; i++) {
            said.add(new JobMessage(said.size() + 1, 1, "message", Instant.EPOCH));
        }
    }

    private static final class Client implements Subscriber<StreamEvent> {

        private final List<StreamEvent> events = new ArrayList<>();
        private boolean complete;

        @Override
        public void onSubscribe(Subscription subscription) {
            throw new AssertionError("The watch is the subscription.");
        }

        @Override
        public void onNext(StreamEvent event) {
            events.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {
            complete = true;
        }
    }

    @BeforeEach
    void begin() {
        watch.begin();
    }

    @Test
    void tellsNothingBeforeTheClientKnowsOfIt() {
        var fresh = new Client();
        var early = new JobWatch(this::look, () -> standing, ALICE, 0, fresh, Runnable::run, () -> ends++);
        early.request(1);
        early.newsArrived();
        assertThat(fresh.events).isEmpty();
        early.begin();
        assertThat(fresh.events).hasSize(1);
    }

    @Test
    void tellsNothingThatTheClientIsNotReadyFor() {
        say(1000);

        watch.newsArrived();
        assertThat(client.events).isEmpty();
        assertThat(looks).isEmpty();
        watch.request(3);
        assertThat(client.events).hasSize(3);
        watch.newsArrived();
        watch.newsArrived();
        assertThat(client.events).hasSize(3);
        assertThat(looks).as("one batch is kept, the rest stays where it is").containsExactly(0L);
    }

    @Test
    void tellsEverythingOnceAndInOrderHoweverSlowlyItIsTaken() {
        say(100);
        status = JobStatus.SUCCESS;

        while (!client.complete) {
            watch.request(1);
        }
        assertThat(client.events).extracting(StreamEvent::id).startsWith("1", "2", "3").doesNotHaveDuplicates().hasSize(101);
        assertThat(client.events.getLast().name()).isEqualTo("status");
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void looksAgainOnlyWhenThereIsNews() {
        watch.request(100);
        watch.request(100);
        assertThat(looks).hasSize(1);
        say(1);
        watch.newsArrived();
        assertThat(looks).hasSize(2);
        assertThat(client.events).extracting(StreamEvent::name).containsExactly("status", "status-message");
    }

    @Test
    void tellsTheStatusWhenItChangesOnly() {
        watch.request(Long.MAX_VALUE);
        watch.newsArrived();
        watch.newsArrived();
        assertThat(client.events).hasSize(1);
    }

    @Test
    void givesASignOfLifeIfThereIsNothingElseToTell() {
        watch.request(Long.MAX_VALUE);
        watch.timePassed();
        assertThat(client.events.getLast()).isEqualTo(StreamEvent.KEEP_ALIVE);
        say(1);
        watch.timePassed();
        assertThat(client.events.getLast().name()).isEqualTo("status-message");
    }

    @Test
    void keepsSignsOfLifeFromAClientThatIsNotReady() {
        watch.request(1);
        watch.timePassed();
        watch.timePassed();
        assertThat(client.events).hasSize(1);
        watch.request(5);
        assertThat(client.events).hasSize(2);
    }

    @Test
    void endsWithoutAWordWhenTheRightsAreGone() {
        watch.request(Long.MAX_VALUE);
        say(1);
        standing = Optional.empty();
        watch.rightsChanged();
        assertThat(client.complete).isTrue();
        assertThat(client.events).hasSize(1);
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void tellsNothingMoreToAClientThatHasGone() {
        watch.request(Long.MAX_VALUE);
        watch.cancel();
        say(5);
        watch.newsArrived();
        assertThat(client.events).hasSize(1);
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void endsWithTheServer() {
        watch.request(Long.MAX_VALUE);
        watch.stop();
        assertThat(client.complete).isTrue();
    }
}

package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostNamesTest {

    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void goesOnWithTheNamesFoundSoFarWhenTheResolverHangs() {
        var hangs = new CountDownLatch(1);
        var names = new HostNames(found -> {
            found.accept("node1");
            awaitOpen(hangs);
            found.accept("node1.example.org");
        }, Duration.ofMillis(100));
        try {
            var result = names.find();
            while (result.isEmpty()) { // a busy machine may start the search too late
                result = names.find();
            }
            assertThat(result).containsExactly(SubjectName.of("node1"));
        } finally {
            hangs.countDown();
        }
    }

    @Test
    void leavesOutWhatNoClientCanUseAsAName() {
        var names = new HostNames(found -> {
            found.accept("node1");
            found.accept("not a name");
            found.accept("192.0.2.1");
            found.accept("Node1.Example.org");
            throw new UnknownHostException("node1");
        }, Duration.ofMinutes(1));
        assertThat(names.find()).containsExactly(SubjectName.of("node1"), SubjectName.of("node1.example.org"));
    }

    @Test
    void knowsThisHost() {
        assertThat(new HostNames().find()).isNotEmpty();
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

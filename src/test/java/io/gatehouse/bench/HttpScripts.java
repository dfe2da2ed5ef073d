package io.gatehouse.bench;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** The scripts, and what they changed. */
final class HttpScripts {

    /** So few that writers meet. */
    static final int CONTESTED_USERS = 16;

    private static final int READS_OF_TEN = 7;
    private static final int PATCHES_OF_TEN = 2;
    private static final Pattern COUNT = Pattern.compile("\"gecos\":\"count (\\d+)\"");

    private final Population population;
    private final String token;
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong overtaken = new AtomicLong();
    private final AtomicInteger created = new AtomicInteger();

    HttpScripts(Population population, String token) {
        this.population = population;
        this.token = token;
    }

    /** How many patches were answered as made. */
    long counted() {
        return counted.get();
    }

    /** How many were refused because another one was faster. */
    long overtaken() {
        return overtaken.get();
    }

    int created() {
        return created.get();
    }

    /** How far a contested user's counter is, which is kept in the gecos. */
    static long count(String user) {
        var count = COUNT.matcher(user);
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    HttpScript health() {
        var request = request("GET", "/health/liveness", "", "");
        return new HttpScript() {
            @Override
            public byte[] next() {
                return request;
            }

            @Override
            public void answered(HttpAnswer answer) {
                require(answer, 200);
            }
        };
    }

    HttpScript reader(long seed) {
        var random = new Random(seed);
        return new HttpScript() {
            @Override
            public byte[] next() {
                return read(Population.username(random.nextInt(population.users())));
            }

            @Override
            public void answered(HttpAnswer answer) {
                require(answer, 200);
            }
        };
    }

    HttpScript writer(long seed) {
        return new Writer(seed);
    }

    byte[] read(String username) {
        return request("GET", "/api/v1/users/" + username, "", "");
    }

    private byte[] request(String method, String path, String headers, String body) {
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n" + headers
                + (body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n") + "\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void require(HttpAnswer answer, int... statuses) {
        for (var status : statuses) {
            if (answer.status() == status) {
                return;
            }
        }
        // Failures of the server are counted, not thrown.
        if (answer.status() < 500) {
            throw new IllegalStateException("An answer has status " + answer.status() + ": " + answer.body());
        }
    }

    /** Reads, creates, and counts in contested users: reads one, and patches it if it is still as it was read. */
    private final class Writer implements HttpScript {

        private enum Doing { READING, CREATING, READING_TO_PATCH, PATCHING }

        private final Random random;
        private Doing doing = Doing.READING;
        private String contested;
        private String tag;
        private long count;

        private Writer(long seed) {
            random = new Random(seed);
        }

        @Override
        public byte[] next() {
            if (doing == Doing.READING_TO_PATCH && tag != null) {
                doing = Doing.PATCHING;
                return request("PATCH", "/api/v1/users/" + contested, "If-Match: " + tag + "\r\n", "{\"gecos\": \"count " + (count + 1) + "\"}");
            }
            int dice = random.nextInt(10);
            if (dice < READS_OF_TEN) {
                doing = Doing.READING;
                return read(Population.username(random.nextInt(population.users())));
            }
            if (dice < READS_OF_TEN + PATCHES_OF_TEN) {
                doing = Doing.READING_TO_PATCH;
                tag = null;
                contested = Population.username(random.nextInt(CONTESTED_USERS));
                return read(contested);
            }
            doing = Doing.CREATING;
            return request("POST", "/api/v1/users", "", "{\"username\": \"made" + created.incrementAndGet() + "\"}");
        }

        @Override
        public void answered(HttpAnswer answer) {
            switch (doing) {
                case READING -> require(answer, 200);
                case CREATING -> require(answer, 201);
                case READING_TO_PATCH -> {
                    require(answer, 200);
                    if (answer.status() == 200) {
                        tag = answer.entityTag();
                        count = count(answer.body());
                    }
                }
                case PATCHING -> {
                    require(answer, 200, 412);
                    if (answer.status() == 200) {
                        counted.incrementAndGet();
                    } else {
                        overtaken.incrementAndGet();
                    }
                    doing = Doing.READING;
                }
            }
        }
    }
}

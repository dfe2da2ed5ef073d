package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Refusing a login takes as long for a name that nobody has as for one that somebody has.
 *
 * <p>The names take turns, so that whatever else the machine does hits all of them alike, and of each name's times the lower quartile
 * counts, which other work on the machine moves least. A hash takes most of an answer here: without it a name would stand out by far.
 */
class LoginTimeIT {

    private static final String NOT_THE_PASSWORD = "not the password";
    private static final String KNOWN = "known";
    /** Who they are is told by how they were made. */
    private static final List<String> OTHERS = List.of("unknown", "suspended", "pending", "without-password", "imported");

    private static final int WARM_UP = 5;
    private static final int SAMPLES = 40;
    private static final double LEAST = 0.7;
    private static final double MOST = 1.4;
    /** An overloaded machine can spoil a comparison, but not make up for a hash that is left out. */
    private static final int COMPARISONS = 4;

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.argon2.memory-kib", 16_384).with("gatehouse.argon2.iterations", 3)
                .with("gatehouse.login.free-attempts", 9_999).with("gatehouse.login.lock-after", 10_000).start();
        create(KNOWN, "\"password\": \"nanoseconds of wire\"");
        create("suspended", "\"password\": \"nanoseconds of wire\", \"status\": \"suspended\"");
        create("pending", "\"password\": \"nanoseconds of wire\", \"status\": \"pending\"");
        create("without-password", "\"givenName\": \"Nobody\"");
        create("imported", "\"passwordHash\": \"{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4\"");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void overLdapTellsNothingOfAName() throws LDAPException {
        try (var connection = server.ldap()) {
            assertAlike(username -> bind(connection, username));
        }
    }

    @Test
    void overHttpTellsNothingOfAName() {
        assertAlike(username -> {
            var answer = server.send("POST", "/api/v1/auth/login", null, """
                    {"username": "%s", "password": "%s"}""".formatted(username, NOT_THE_PASSWORD));
            assertThat(answer.statusCode()).isEqualTo(401);
        });
    }

    private static void bind(LDAPConnection connection, String username) {
        try {
            connection.bind("uid=" + username + ",ou=people," + server.baseDn(), NOT_THE_PASSWORD);
            throw new AssertionError(username + " came in");
        } catch (LDAPException e) {
            assertThat(e.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
        }
    }

    private static void assertAlike(Consumer<String> attempt) {
        measured(attempt, WARM_UP);
        var spoiled = new ArrayList<Map<String, Double>>();
        for (int i = 0; i < COMPARISONS; i++) {
            var ratios = measured(attempt, SAMPLES);
            if (ratios.values().stream().allMatch(ratio -> ratio >= LEAST && ratio <= MOST)) {
                return;
            }
            spoiled.add(ratios);
        }
        assertThat(spoiled).as("times in relation to those of a name that is known").isEmpty();
    }

    /** How long each of the others takes in relation to the known one. */
    private static Map<String, Double> measured(Consumer<String> attempt, int samples) {
        var times = new LinkedHashMap<String, long[]>();
        times.put(KNOWN, new long[samples]);
        OTHERS.forEach(name -> times.put(name, new long[samples]));
        for (int i = 0; i < samples; i++) {
            for (var entry : times.entrySet()) {
                long begin = System.nanoTime();
                attempt.accept(entry.getKey());
                entry.getValue()[i] = System.nanoTime() - begin;
            }
        }
        double known = lowerQuartile(times.get(KNOWN));
        return OTHERS.stream().collect(Collectors.toMap(name -> name, name -> lowerQuartile(times.get(name)) / known));
    }

    private static double lowerQuartile(long[] times) {
        return Arrays.stream(times).sorted().skip(times.length / 4).findFirst().orElseThrow();
    }

    private static void create(String username, String members) {
        var answer = server.send("POST", "/api/v1/users", "{\"username\": \"" + username + "\", " + members + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
}

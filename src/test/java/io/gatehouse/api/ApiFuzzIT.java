package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.api.Document.Operation;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever is sent, nothing breaks: no 5xx ever, every answer is as the document says, and afterwards all is well. Requests are made
 * from the document; {@code -Dgatehouse.test.seed} makes the same ones, {@code -Dgatehouse.test.api-requests} tells how many.
 */
class ApiFuzzIT {

    private static final int REQUESTS = Integer.getInteger("gatehouse.test.api-requests", 20_000);
    private static final long SEED = Long.getLong("gatehouse.test.seed", 4517);
    private static final int CLIENTS = 4;
    /** So many requests are about the same things, some of which they change or delete. */
    private static final int USES_OF_A_SEED = 20;

    private static GatehouseServer server;
    private static World world;
    private static Samples samples;
    private static Document document;
    private static Contract contract;

    private final Map<String, LongAdder> tally = new ConcurrentHashMap<>();
    /** One of each kind. */
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    @BeforeAll
    static void start() {
        server = World.start();
        world = new World(server);
        samples = new Samples(world);
        document = Document.of(server);
        contract = new Contract(document);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void nothingBreaksWhateverIsSent() throws Exception {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = new ArrayList<Callable<Void>>();
            for (int client = 0; client < CLIENTS; client++) {
                var own = new Client(SEED * CLIENTS + client);
                runs.add(() -> own.send(REQUESTS / CLIENTS));
            }
            for (var run : clients.invokeAll(runs)) {
                run.get();
            }
        }
        System.err.println("fuzz: seed " + SEED + ", answers " + new TreeMap<>(tally));

        assertThat(failures.entrySet()).as("seed " + SEED).isEmpty();
        assertThat(tally.values().stream().mapToLong(LongAdder::sum).sum()).isEqualTo(REQUESTS / CLIENTS * CLIENTS);
        assertThat(tally.keySet()).as("it gets deep, and is refused in every way").contains("200", "201", "204", "400", "401", "403", "404", "409", "422");
        assertThat(server.send("GET", "/health", null, null).statusCode()).isEqualTo(200);
        assertThat(ApiClient.anonymous(server).login(GatehouseServer.ADMINISTRATOR, GatehouseServer.PASSWORD).status()).isEqualTo(200);
        assertThatLdapShowsWhatTheDatabaseHas();
    }

    private static void assertThatLdapShowsWhatTheDatabaseHas() throws Exception {
        var active = server.sql().withHandle(handle -> handle.createQuery("select username from users where status = 'active'").mapTo(String.class).list());
        try (var ldap = server.ldapAsAdministrator()) {
            var shown = ldap.search("ou=people," + server.baseDn(), SearchScope.ONE, "(objectClass=posixAccount)", "uid").getSearchEntries();
            assertThat(shown).extracting(entry -> entry.getAttributeValue("uid")).containsExactlyInAnyOrderElementsOf(active);
        }
    }

    /** One connection, and who uses it. */
    private final class Client {

        private final Random random;
        private final FuzzRequests requests;
        private final Map<String, Seed> seeds = new HashMap<>();
        private final List<Operation> operations = document.operations();
        private String user = world.user();
        private String userToken = world.token(user);
        private String administratorToken = newAdministrator();
        private String key = world.serviceKey("cluster:write");
        private String current;

        private Client(long seed) {
            random = new Random(seed);
            requests = new FuzzRequests(random, operations, this::sample, this::token);
        }

        private record Seed(Sample sample, int uses) {
        }

        private String newAdministrator() {
            return world.token(world.administratorUser());
        }

        private Sample sample(Operation operation) {
            return seeds.compute(operation.id(), (id, seed) -> seed == null || seed.uses() == USES_OF_A_SEED
                    ? new Seed(fresh(id), 1) : new Seed(seed.sample(), seed.uses() + 1)).sample();
        }

        private Sample fresh(String operation) {
            try {
                return samples.of(operation, user);
            } catch (AssertionError | JdbiException | IllegalStateException userIsGone) {
                renewUser();
                return samples.of(operation, user);
            }
        }

        private void renewUser() {
            user = world.user();
            userToken = world.token(user);
        }

        private String token() {
            current = switch (random.nextInt(20)) {
                case 0 -> null;
                case 1, 2, 3 -> userToken;
                case 4, 5 -> key;
                default -> administratorToken;
            };
            return current;
        }

        Void send(int count) throws Exception {
            FuzzRequest previous = null;
            try (var wire = new RawConnection(server.httpUrl())) {
                for (int index = 0; index < count; index++) {
                    var request = requests.next();
                    var answer = wire.send(request.bytes(), request.answerHasBody());
                    tally.computeIfAbsent(Integer.toString(answer.status()), status -> new LongAdder()).increment();
                    var breaches = breaches(request, answer);
                    if (!breaches.isEmpty()) {
                        failures.putIfAbsent(request.operation().map(Operation::id).orElse("any") + " " + answer.status() + " " + breaches.getFirst(),
                                "%s%n%s%nanswered %s%nbefore it on the same connection: %s".formatted(breaches, request, answer, previous));
                    }
                    previous = request;
                    if (answer.status() == 401) {
                        logInAgain();
                    }
                }
            }
            return null;
        }

        private List<String> breaches(FuzzRequest request, Received answer) {
            if (answer.status() >= 500) {
                return List.of("the server broke");
            }
            if (!request.answerHasBody()) {
                return List.of();
            }
            if (request.operation().isPresent()) {
                return contract.breaches(request.operation().get(), answer);
            }
            return answer.isProblem() ? contract.problemBreaches(answer) : List.of();
        }

        /** Requests may end sessions, change passwords, and suspend or delete the user; of these, the first leaves him what he has. */
        private void logInAgain() {
            if (current == userToken) {
                try {
                    userToken = world.token(user);
                } catch (AssertionError | JdbiException | IllegalStateException lockedOutOrGone) {
                    renewUser();
                    seeds.clear();
                }
            } else if (current == administratorToken) {
                administratorToken = newAdministrator();
            }
        }
    }
}

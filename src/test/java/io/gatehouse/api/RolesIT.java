package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.api.Document.Operation;
import io.gatehouse.api.RoleTable.Row;
import io.gatehouse.api.RoleTable.Who;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route, called by everyone: who is let is who the table in docs/http-api.md says. */
class RolesIT {

    /** Somebody who calls; the request is always about things of another user, the owner, unless it is the owner who calls. */
    private enum Caller {
        NOBODY, OWNER, OTHER_USER, COLLABORATOR, SUSPENDED, ADMINISTRATOR, FORMER_ADMINISTRATOR,
        OWNERS_KEY, OWNERS_KEY_FOR_OTHER_THINGS, SERVICE_KEY, SERVICE_KEY_FOR_OTHER_THINGS, SITES_AGENT, OTHER_SITES_AGENT
    }

    private enum Outcome {
        LET, NOT_AUTHENTICATED, NOT_ALLOWED, HIDDEN
    }

    /** Of those who are the same whatever the request is about. */
    private static final Map<Caller, String> TOKENS = new EnumMap<>(Caller.class);

    private static GatehouseServer server;
    private static Wire wire;
    private static World world;
    private static Samples samples;
    private static Document document;

    @BeforeAll
    static void start() {
        server = World.start();
        wire = new Wire(server);
        world = new World(server);
        samples = new Samples(world);
        document = Document.of(server);
    }

    @AfterAll
    static void stop() {
        wire.close();
        server.close();
    }

    static Stream<Row> rows() {
        return RoleTable.read().stream();
    }

    @Test
    void theTableHasEveryRouteOnceAndNoOther() {
        assertThat(rows()).extracting(Row::call).containsExactlyInAnyOrderElementsOf(Routes.of(server));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void letsWhomTheTableLets(Row row) {
        var operation = document.operations().stream().filter(candidate -> candidate.name().equals(row.call())).findFirst().orElseThrow();
        var differences = new ArrayList<String>();
        Subject subject = null;
        for (var caller : Caller.values()) {
            var expected = expected(row, caller);
            if (subject == null) {
                subject = subject(operation);
            }
            var answer = call(row, operation, caller, subject);
            if (!answer.isRefusal() && !operation.method().equals("GET")) {
                // It may well have changed or deleted what it was about, and who has called.
                subject = null;
                TOKENS.remove(caller);
            }
            if (answer.outcome() != expected) {
                differences.add("%s: %s, but %d %s".formatted(caller, expected, answer.status(), answer.body()));
            }
        }
        assertThat(differences).as(row.toString()).isEmpty();
    }

    private static Outcome expected(Row row, Caller caller) {
        if (row.who() == Who.EVERYBODY) {
            return Outcome.LET;
        }
        return switch (caller) {
            case NOBODY, SUSPENDED -> Outcome.NOT_AUTHENTICATED;
            case ADMINISTRATOR -> row.who() == Who.OWN ? Outcome.HIDDEN : row.who() == Who.AGENT ? Outcome.NOT_ALLOWED : Outcome.LET;
            case OWNER -> owner(row);
            case OTHER_USER, FORMER_ADMINISTRATOR -> stranger(row);
            case COLLABORATOR -> row.who() == Who.COLLABORATOR ? Outcome.LET
                    : row.who() == Who.OWNER && row.call().contains(" /api/v1/containers/{") ? Outcome.NOT_ALLOWED : stranger(row);
            case OWNERS_KEY -> row.scope().isPresent() ? owner(row) : Outcome.NOT_ALLOWED;
            case SERVICE_KEY -> row.scope().isPresent() && row.who() != Who.USER ? Outcome.LET : Outcome.NOT_ALLOWED;
            case SITES_AGENT -> row.who() == Who.SITE || row.who() == Who.AGENT ? Outcome.LET : Outcome.NOT_ALLOWED;
            case OWNERS_KEY_FOR_OTHER_THINGS, SERVICE_KEY_FOR_OTHER_THINGS, OTHER_SITES_AGENT -> Outcome.NOT_ALLOWED;
        };
    }

    private static Outcome owner(Row row) {
        return isForAdministrators(row.who()) ? Outcome.NOT_ALLOWED : Outcome.LET;
    }

    private static boolean isForAdministrators(Who who) {
        return who == Who.ADMINISTRATOR || who == Who.SITE || who == Who.AGENT;
    }

    /** To read is not to write, and one area is not another. */
    private static String otherScope(Row row) {
        return row.scope().filter(scope -> scope.endsWith(":write")).map(scope -> scope.replace(":write", ":read"))
                .orElseGet(() -> row.scope().orElse("").startsWith("audit") ? "users:write" : "audit:read");
    }

    private static Outcome stranger(Row row) {
        return switch (row.who()) {
            case EVERYBODY, USER, READER -> Outcome.LET;
            case SELF, ADMINISTRATOR, SITE, AGENT -> Outcome.NOT_ALLOWED;
            case OWNER, COLLABORATOR, OWN -> Outcome.HIDDEN;
        };
    }

    private record Answered(int status, String body) {

        boolean isRefusal() {
            return outcome() == Outcome.NOT_AUTHENTICATED || outcome() == Outcome.NOT_ALLOWED;
        }

        Outcome outcome() {
            return switch (status) {
                case 401 -> Outcome.NOT_AUTHENTICATED;
                case 403 -> Outcome.NOT_ALLOWED;
                case 404 -> Outcome.HIDDEN;
                default -> status < 400 ? Outcome.LET : null;
            };
        }
    }

    /** What a request is about: things of this user. */
    private record Subject(String owner, Sample sample) {
    }

    private static Subject subject(Operation operation) {
        var owner = world.user();
        return new Subject(owner, samples.of(operation.id(), owner));
    }

    private static Answered call(Row row, Operation operation, Caller caller, Subject subject) {
        var known = token(row, caller, subject.owner());
        var sample = caller == Caller.SERVICE_KEY ? samples.ofService(operation.id(), world.user()) : subject.sample();
        var token = caller == Caller.SITES_AGENT ? world.agentKey(site(row, sample)) : known;
        if (caller == Caller.COLLABORATOR && row.call().contains(" /api/v1/containers/{")) {
            world.collaborate(sample.path().getOrDefault("containerId", sample.path().get("id")), token);
        }
        var answer = wire.send(operation, sample, token);
        return new Answered(answer.statusCode(), answer.body());
    }

    /** The site that the request is about; one that it is not, if it is about none. */
    private static String site(Row row, Sample sample) {
        var site = sample.path().get(row.call().contains("/sites/{id}") ? "id" : "siteId");
        return site == null ? world.site() : site;
    }

    private static String token(Row row, Caller caller, String owner) {
        return switch (caller) {
            case NOBODY, SITES_AGENT -> null;
            case OWNER -> world.token(owner);
            case COLLABORATOR -> world.token(world.user());
            case OTHER_SITES_AGENT, OTHER_USER, SUSPENDED, ADMINISTRATOR, FORMER_ADMINISTRATOR -> TOKENS.computeIfAbsent(caller, RolesIT::token);
            case OWNERS_KEY -> world.key(owner, row.scope().orElse("users:write"));
            case OWNERS_KEY_FOR_OTHER_THINGS -> world.key(owner, otherScope(row));
            case SERVICE_KEY -> world.serviceKey(row.scope().orElse("users:write"));
            case SERVICE_KEY_FOR_OTHER_THINGS -> world.serviceKey(otherScope(row));
        };
    }

    private static String token(Caller caller) {
        if (caller == Caller.OTHER_SITES_AGENT) {
            return world.agentKey(world.site());
        }
        var user = caller == Caller.OTHER_USER ? world.user() : world.administratorUser();
        var token = world.token(user);
        if (caller == Caller.SUSPENDED) {
            world.suspend(user);
        } else if (caller == Caller.FORMER_ADMINISTRATOR) {
            world.demote(user);
        }
        return token;
    }
}

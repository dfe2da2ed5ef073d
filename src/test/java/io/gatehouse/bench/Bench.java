package io.gatehouse.bench;

import com.unboundid.ldap.sdk.LDAPException;
import io.gatehouse.slapd.SlapdServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Compares Gatehouse with OpenLDAP's slapd, or measures its HTTP API, what policies cost, groups in groups, or how it serves agents that wait. */
public final class Bench {

    private static final String HTTP = "--http";
    private static final String POLICIES = "--policies";
    private static final String NESTED = "--nested-groups";
    private static final String AGENTS = "--agents";

    private final BenchOptions options;
    private final Results results = new Results();

    private Bench(BenchOptions options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws LDAPException, IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(BenchOptions.USAGE);
            return;
        }
        if (List.of(arguments).equals(List.of(NESTED))) {
            new NestingBench().run();
            return;
        }
        try {
            int agents = List.of(arguments).indexOf(AGENTS);
            if (agents >= 0 && agents + 1 < arguments.length) {
                var rest = new ArrayList<>(List.of(arguments));
                rest.remove(agents);
                int count = BenchOptions.positive(rest.remove(agents));
                new AgentBench(BenchOptions.parse(rest.toArray(String[]::new)), count).run();
                return;
            }
            var others = Stream.of(arguments).filter(argument -> !List.of(HTTP, POLICIES).contains(argument)).toArray(String[]::new);
            if (List.of(arguments).contains(HTTP)) {
                new HttpBench(BenchOptions.parse(others)).run();
            } else if (List.of(arguments).contains(POLICIES)) {
                new PolicyBench(BenchOptions.parse(others)).run();
            } else {
                new Bench(complete(BenchOptions.parse(arguments))).run();
            }
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(BenchOptions.USAGE);
            System.exit(2);
        }
    }

    private static BenchOptions complete(BenchOptions options) {
        var missing = SlapdServer.missingPackages();
        if (!options.slapd() || missing.isEmpty()) {
            return options;
        }
        System.out.printf("Only Gatehouse is measured: slapd needs Debian's packages %s.%n", String.join(", ", missing));
        return options.withoutSlapd();
    }

    private void run() throws LDAPException, IOException {
        try (var arena = Arena.set(options)) {
            for (var scenario : options.loads()) {
                var contenders = arena.contenders(scenario);
                progress("%s: %d s for each of %d servers", scenario.title,
                        options.warmUp().toSeconds() + options.round().toSeconds() * options.rounds(), contenders.size());
                measure(scenario, contenders);
            }
            var footprints = new ArrayList<Footprint>();
            arena.contenders().forEach((contender, serving) -> {
                var usage = new ProcessUsage(contender.pid());
                footprints.add(new Footprint(contender, usage.residentMebibytes(), usage.peakMebibytes(), serving));
            });
            System.out.println(Report.of(results, options, footprints));
        }
    }

    private void measure(Scenario scenario, Collection<Contender> contenders) {
        for (var contender : contenders) {
            new Load(contender, scenario, Arena.USER_PASSWORD.text()).run(options.warmUp(), 0);
        }
        for (int round = 1; round <= options.rounds(); round++) {
            for (var contender : contenders) {
                long seed = (long) round * scenario.connections;
                results.add(contender, scenario, new Load(contender, scenario, Arena.USER_PASSWORD.text()).run(options.round(), seed));
            }
        }
    }

    static void progress(String format, Object... values) {
        System.err.println("bench: " + String.format(Locale.ROOT, format, values));
    }
}

package io.gatehouse.bench;

import com.unboundid.ldap.sdk.LDAPException;
import io.gatehouse.bench.Contender.Product;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What it costs that a container is shown only the people who may log in there. */
final class PolicyBench {

    private static final double MOST_TIMES_WITHOUT_RESTRICTION = 1.5;
    private static final List<Scenario> LOADS = List.of(Scenario.LOOKUP, Scenario.GROUPS, Scenario.ENUMERATION);
    private static final String ROW = "%-38s %14s %14s | %12s %12s%n";

    private final BenchOptions options;
    private final Results unrestricted = new Results();
    private final Results restricted = new Results();

    PolicyBench(BenchOptions options) {
        this.options = options;
    }

    void run() throws LDAPException, IOException {
        var population = options.populations().getFirst();
        try (var arena = Arena.set(options.withoutSlapd().with(population))) {
            arena.fill(population, GuardedCluster.sql(population));
            var everything = arena.contenders().keySet().stream().filter(each -> each.product() == Product.GATEHOUSE).findFirst().orElseThrow();
            var container = everything.readBy(GuardedCluster.machine());
            for (var load : LOADS) {
                Bench.progress("%s, as an account without restriction and as a container", load.title);
                for (var contender : List.of(everything, container)) {
                    new Load(contender, load, Arena.USER_PASSWORD.text()).run(options.warmUp(), 0);
                }
                for (int round = 1; round <= options.rounds(); round++) {
                    long seed = (long) round * load.connections;
                    unrestricted.add(everything, load, new Load(everything, load, Arena.USER_PASSWORD.text()).run(options.round(), seed));
                    restricted.add(container, load, new Load(container, load, Arena.USER_PASSWORD.text()).run(options.round(), seed));
                }
            }
            System.out.print(report(population));
        }
    }

    private String report(Population population) {
        var text = new StringBuilder(String.format(Locale.ROOT, """

                %,d users, %,d containers, %d policies, all of which count on the container that asks. Medians of rounds in turns.

                """, population.users(), GuardedCluster.CONTAINERS, GuardedCluster.POLICIES));
        text.append(String.format(Locale.ROOT, ROW, "load", "unrestricted/s", "container/s", "CPU us/op", "CPU us/op"));
        for (var load : LOADS) {
            text.append(String.format(Locale.ROOT, ROW, load.title, shown("%,.0f", unrestricted, population, load, Measurement::rate),
                    shown("%,.0f", restricted, population, load, Measurement::rate),
                    shown("%.1f", unrestricted, population, load, Measurement::serverCost),
                    shown("%.1f", restricted, population, load, Measurement::serverCost)));
        }
        text.append(System.lineSeparator());
        for (var load : LOADS) {
            var ratio = restricted.ratioTo(unrestricted, Product.GATEHOUSE, population, load, Measurement::serverCost).orElseThrow();
            text.append(String.format(Locale.ROOT, "%-8s %-50s %9.2f (at most %.2f)%n", ratio <= MOST_TIMES_WITHOUT_RESTRICTION ? "reached" : "MISSED",
                    "CPU of a container / unrestricted, " + load.title, ratio, MOST_TIMES_WITHOUT_RESTRICTION));
        }
        return text.toString();
    }

    private static String shown(String format, Results results, Population population, Scenario load, ToDoubleFunction<Measurement> figure) {
        return String.format(Locale.ROOT, format, results.median(Product.GATEHOUSE, population, load, figure).orElseThrow());
    }
}

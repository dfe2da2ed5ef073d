package io.gatehouse.bench;

import io.gatehouse.bench.Contender.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What Gatehouse sets itself to reach. Informative: a machine may be too busy for a figure, but never for the truth.
 *
 * @param atLeast whether the figure has to be at least, or at most, the limit
 * @param figure  empty if it was not measured
 */
record Bar(String name, boolean atLeast, double limit, OptionalDouble figure) {

    private static final double MEBIBYTES = 512;
    private static final double START_SECONDS = 10;

    static List<Bar> of(Results results, List<Population> populations, List<Footprint> footprints) {
        var bars = new ArrayList<Bar>();
        for (var population : populations) {
            var users = String.format(Locale.ROOT, ", %,d users", population.users());
            bars.add(new Bar("lookup rate / slapd's" + users, true, 4,
                    results.ratioToSlapd(population, Scenario.LOOKUP, Measurement::rate)));
            bars.add(new Bar("lookup CPU / slapd's" + users, false, 0.2,
                    results.ratioToSlapd(population, Scenario.LOOKUP, Measurement::serverCost)));
            bars.add(new Bar("enumeration rate / slapd's" + users, true, 1.8,
                    results.ratioToSlapd(population, Scenario.ENUMERATION, Measurement::rate)));
            bars.add(new Bar("LDAPS lookup rate / slapd's" + users, true, 3,
                    results.ratioToSlapd(population, Scenario.SECURE_LOOKUP, Measurement::rate)));
            bars.add(new Bar("argon2 bind rate / slapd's" + users, true, 1,
                    results.ratioToSlapd(population, Scenario.PASSWORD_BIND, Measurement::rate)));
            bars.add(new Bar("repeated binds / first binds" + users, true, 50,
                    results.ratioOfScenarios(population, Scenario.REPEATED_BIND, Scenario.PASSWORD_BIND, Measurement::rate)));
        }
        var first = populations.getFirst();
        var last = populations.getLast();
        if (!first.equals(last)) {
            bars.add(new Bar(String.format(Locale.ROOT, "lookup rate with %,d users / with %,d", last.users(), first.users()), true, 0.85,
                    results.ratioOfSizes(last, first, Scenario.LOOKUP, Measurement::rate)));
        }
        for (var footprint : footprints) {
            if (footprint.contender().product() == Product.GATEHOUSE && footprint.contender().population().equals(last)) {
                var users = String.format(Locale.ROOT, ", %,d users", last.users());
                bars.add(new Bar("resident MiB" + users, false, MEBIBYTES, OptionalDouble.of(footprint.residentMebibytes())));
                bars.add(new Bar("seconds from start to serving" + users, false, START_SECONDS,
                        OptionalDouble.of(footprint.serving().toMillis() / 1e3)));
            }
        }
        return bars;
    }

    boolean isReached() {
        var value = figure.orElseThrow();
        return atLeast ? value >= limit : value <= limit;
    }
}

package io.gatehouse.bench;

import io.gatehouse.bench.Contender.Product;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results as text. */
final class Report {

    private static final String ROW = "%-38s %8s | %12s %12s %7s | %10s %10s %7s | %7s%n";

    private final StringBuilder text = new StringBuilder();

    private Report() {
    }

    static String of(Results results, BenchOptions options, List<Footprint> footprints) {
        var report = new Report();
        report.conditions();
        report.rates(results, options);
        report.footprints(footprints);
        report.bars(Bar.of(results, options.populations(), footprints));
        return report.text.toString();
    }

    private void conditions() {
        line("%d processors, shared by the servers and the client. Everybody is in %d groups of %d and has one SSH key;%n",
                Runtime.getRuntime().availableProcessors(), Population.GROUPS_PER_USER, Population.GROUP_SIZE);
        line("ldapusers, everybody's primary group, lists nobody. Medians of rounds in turns.%n%n");
    }

    private void rates(Results results, BenchOptions options) {
        line(ROW, "", "", "operations/s", "operations/s", "", "CPU us/op", "CPU us/op", "", "client");
        line(ROW, "load", "users", "Gatehouse", "slapd", "ratio", "Gatehouse", "slapd", "ratio", "us/op");
        for (var scenario : options.loads()) {
            for (var population : options.populations()) {
                line(ROW, scenario.title, String.format(Locale.ROOT, "%,d", population.users()),
                        whole(results.median(Product.GATEHOUSE, population, scenario, Measurement::rate)),
                        whole(results.median(Product.SLAPD, population, scenario, Measurement::rate)),
                        ratio(results.ratioToSlapd(population, scenario, Measurement::rate)),
                        tenths(results.median(Product.GATEHOUSE, population, scenario, Measurement::serverCost)),
                        tenths(results.median(Product.SLAPD, population, scenario, Measurement::serverCost)),
                        ratio(results.ratioToSlapd(population, scenario, Measurement::serverCost)),
                        tenths(results.median(Product.GATEHOUSE, population, scenario, Measurement::clientCost)));
            }
        }
    }

    private void footprints(List<Footprint> footprints) {
        line("%n");
        for (var footprint : footprints) {
            line("%s: %,d MiB resident, at most %,d", footprint.contender(), footprint.residentMebibytes(), footprint.peakMebibytes());
            if (footprint.serving() != null) {
                line("; served %.1f s after its start", footprint.serving().toMillis() / 1e3);
            }
            line("%n");
        }
    }

    private void bars(List<Bar> bars) {
        line("%n");
        for (var bar : bars) {
            line("%-8s %-50s %9s (%s %s)%n", bar.figure().isEmpty() ? "-" : bar.isReached() ? "reached" : "MISSED", bar.name(),
                    ratio(bar.figure()), bar.atLeast() ? "at least" : "at most", ratio(OptionalDouble.of(bar.limit())));
        }
    }

    private void line(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }

    private static String whole(OptionalDouble figure) {
        return shown("%,.0f", figure);
    }

    private static String tenths(OptionalDouble figure) {
        return shown("%,.1f", figure);
    }

    private static String ratio(OptionalDouble figure) {
        return shown("%,.2f", figure);
    }

    private static String shown(String format, OptionalDouble figure) {
        return figure.isEmpty() ? "-" : String.format(Locale.ROOT, format, figure.getAsDouble());
    }
}

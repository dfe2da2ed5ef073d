package io.gatehouse.bench;

import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Measures the HTTP API, and whether it loses updates. */
final class HttpBench {

    private static final double MOST_TIMES_AN_EMPTY_ROUTE = 5;
    private static final String ROW = "%-34s %11s %9s %9s %11s %9s %5s%n";

    private final BenchOptions options;
    private final Map<HttpScenario, List<HttpRound>> rounds = new EnumMap<>(HttpScenario.class);

    HttpBench(BenchOptions options) {
        this.options = options;
    }

    void run() throws LDAPException, IOException {
        var population = options.populations().getFirst();
        try (var arena = Arena.set(options.withoutSlapd().with(population))) {
            var server = arena.gatehouse(population);
            var scripts = new HttpScripts(population, server.administratorToken());
            for (var scenario : HttpScenario.values()) {
                Bench.progress("warming up: %s", scenario.title);
                round(server, scripts, scenario, options.warmUp(), 0);
            }
            for (int round = 1; round <= options.rounds(); round++) {
                for (var scenario : HttpScenario.values()) {
                    rounds.computeIfAbsent(scenario, key -> new ArrayList<>())
                            .add(round(server, scripts, scenario, options.round(), round));
                }
            }
            System.out.print(report(server, scripts));
        }
    }

    private static HttpRound round(GatehouseProcess server, HttpScripts scripts, HttpScenario scenario, Duration duration, int round) {
        var all = LongStream.range(0, HttpLoad.CONNECTIONS).mapToObj(i -> scenario.script(scripts, round * 1_000L + i)).toList();
        return new HttpLoad(server.httpPort(), server.pid()).run(all, duration);
    }

    private String report(GatehouseProcess server, HttpScripts scripts) {
        var text = new StringBuilder(String.format(Locale.ROOT, "%n%d connections on loopback. Medians of rounds in turns.%n%n", HttpLoad.CONNECTIONS));
        text.append(String.format(Locale.ROOT, ROW, "load", "requests/s", "p50 ms", "p99 ms", "CPU us/req", "client", "5xx"));
        for (var scenario : HttpScenario.values()) {
            text.append(String.format(Locale.ROOT, ROW, scenario.title,
                    shown("%,.0f", median(scenario, round -> round.usage().rate())),
                    shown("%.1f", median(scenario, round -> round.millisAt(0.5))),
                    shown("%.1f", median(scenario, round -> round.millisAt(0.99))),
                    shown("%.1f", median(scenario, round -> round.usage().serverCost())),
                    shown("%.1f", median(scenario, round -> round.usage().clientCost())),
                    rounds.get(scenario).stream().mapToLong(HttpRound::failures).sum()));
        }
        text.append(System.lineSeparator());
        bar(text, "CPU of GET user / empty route", ratio(round -> round.usage().serverCost()), MOST_TIMES_AN_EMPTY_ROUTE);
        bar(text, "time of GET user / empty route", ratio(round -> 1 / round.usage().rate()), MOST_TIMES_AN_EMPTY_ROUTE);
        bar(text, "answers of 500 and above", rounds.values().stream().flatMap(List::stream).mapToLong(HttpRound::failures).sum(), 0);
        bar(text, "lost updates", scripts.counted() - kept(server, scripts), 0);
        return text.append(String.format(Locale.ROOT, "%n%,d patches made, %,d refused as overtaken, %,d users created%n",
                scripts.counted(), scripts.overtaken(), scripts.created())).toString();
    }

    /** The sum of the counters that the patches left behind. */
    private static long kept(GatehouseProcess server, HttpScripts scripts) {
        return IntStream.range(0, HttpScripts.CONTESTED_USERS).mapToLong(i -> {
            var count = new long[1];
            new HttpLoad(server.httpPort(), server.pid()).run(List.of(new HttpScript() {
                @Override
                public byte[] next() {
                    return scripts.read(Population.username(i));
                }

                @Override
                public void answered(HttpAnswer answer) {
                    count[0] = HttpScripts.count(answer.body());
                }
            }), Duration.ZERO);
            return count[0];
        }).sum();
    }

    private double median(HttpScenario scenario, ToDoubleFunction<HttpRound> figure) {
        return median(rounds.get(scenario).stream().mapToDouble(figure).toArray());
    }

    /** Of reading a user to the empty route, round by round. */
    private double ratio(ToDoubleFunction<HttpRound> cost) {
        return median(IntStream.range(0, options.rounds()).mapToDouble(round -> cost.applyAsDouble(rounds.get(HttpScenario.READ_USER).get(round))
                / cost.applyAsDouble(rounds.get(HttpScenario.HEALTH).get(round))).toArray());
    }

    private static double median(double... values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static void bar(StringBuilder text, String name, double figure, double most) {
        text.append(String.format(Locale.ROOT, "%-8s %-40s %9.2f (at most %.0f)%n", figure <= most ? "reached" : "MISSED", name, figure, most));
    }

    private static String shown(String format, double figure) {
        return String.format(Locale.ROOT, format, figure);
    }
}

package io.gatehouse.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * @param loads   what is measured, in this order
 * @param round   how long one server is measured before it is the next one's turn
 * @param rounds  how many turns each server gets; their median is reported
 * @param warmUp  how long each server gets every kind of load before it counts
 */
record BenchOptions(List<Population> populations, List<Scenario> loads, Duration round, int rounds, Duration warmUp, boolean slapd) {

    static final String USAGE = """
            Usage: ./gatehouse bench [--users 10000,100000] [--seconds 3] [--rounds 5] [--warm-up 5] [--loads ...]
                                     [--skip-slapd | --http | --policies | --nested-groups | --agents 1000]

              --users N,...   sizes of the directory
              --seconds N     length of a round: one load on one server
              --rounds N      rounds of each load for each server, in turns; medians are printed
              --warm-up N     seconds of each load on each server that do not count
              --loads L,...   some of: %s
              --skip-slapd    Gatehouse alone
              --http          the HTTP API instead, with the first size; takes --users, --seconds, --rounds and --warm-up
              --policies      searches of a container that 500 policies count on against those of an account without restriction; takes the same
              --nested-groups how long a new member takes to show in a thousand groups around it instead; takes nothing
              --agents N      agents that wait for a site's changes instead, of which there are --rounds; takes --warm-up
            """.formatted(Stream.of(Scenario.values()).map(BenchOptions::nameOf).collect(Collectors.joining(", ")));

    static BenchOptions parse(String... arguments) {
        var options = new BenchOptions(populations("10000,100000"), List.of(Scenario.values()), Duration.ofSeconds(3), 5,
                Duration.ofSeconds(5), true);
        var rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            var name = rest.next();
            if (name.equals("--skip-slapd")) {
                options = options.withoutSlapd();
            } else if (rest.hasNext()) {
                options = options.with(name, rest.next());
            } else {
                throw new IllegalArgumentException("There is no option " + name + ", or it lacks its value");
            }
        }
        return options;
    }

    BenchOptions withoutSlapd() {
        return new BenchOptions(populations, loads, round, rounds, warmUp, false);
    }

    BenchOptions with(Population only) {
        return new BenchOptions(List.of(only), loads, round, rounds, warmUp, slapd);
    }

    private BenchOptions with(String name, String value) {
        return switch (name) {
            case "--users" -> new BenchOptions(populations(value), loads, round, rounds, warmUp, slapd);
            case "--loads" -> new BenchOptions(populations, loads(value), round, rounds, warmUp, slapd);
            case "--seconds" -> new BenchOptions(populations, loads, Duration.ofSeconds(positive(value)), rounds, warmUp, slapd);
            case "--rounds" -> new BenchOptions(populations, loads, round, positive(value), warmUp, slapd);
            case "--warm-up" -> new BenchOptions(populations, loads, round, rounds, Duration.ofSeconds(positive(value)), slapd);
            default -> throw new IllegalArgumentException("There is no option " + name);
        };
    }

    private static List<Population> populations(String sizes) {
        return Arrays.stream(sizes.split(",")).map(size -> new Population(positive(size))).distinct().toList();
    }

    private static List<Scenario> loads(String names) {
        return Arrays.stream(names.split(",")).map(name -> Stream.of(Scenario.values()).filter(load -> nameOf(load).equals(name))
                .findFirst().orElseThrow(() -> new IllegalArgumentException("There is no load '" + name + "'"))).toList();
    }

    private static String nameOf(Scenario load) {
        return load.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static int positive(String number) {
        try {
            var value = Integer.parseInt(number);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + number + "' is not a number", e);
        }
        throw new IllegalArgumentException("'" + number + "' is not a positive number");
    }
}

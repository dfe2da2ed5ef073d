package io.gatehouse.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * @param round   how long one server is measured before it is the next one's turn
 * @param rounds  how many turns each server gets; their median is reported
 * @param warmUp  how long each server gets every kind of load before it counts
 */
record BenchOptions(List<Population> populations, Duration round, int rounds, Duration warmUp, boolean slapd) {

    static final String USAGE = """
            Usage: ./gatehouse bench [--users 10000,100000] [--seconds 3] [--rounds 5] [--warm-up 5] [--skip-slapd]

              --users N,...   sizes of the directory
              --seconds N     length of a round: one load on one server
              --rounds N      rounds of each load for each server, in turns; medians are printed
              --warm-up N     seconds of each load on each server that do not count
              --skip-slapd    Gatehouse alone
            """;

    static BenchOptions parse(String... arguments) {
        var options = new BenchOptions(populations("10000,100000"), Duration.ofSeconds(3), 5, Duration.ofSeconds(5), true);
        var rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            var name = rest.next();
            if (name.equals("--skip-slapd")) {
                options = options.withoutSlapd();
                continue;
            }
            if (!List.of("--users", "--seconds", "--rounds", "--warm-up").contains(name) || !rest.hasNext()) {
                throw new IllegalArgumentException("There is no option " + name + ", or it lacks its value");
            }
            options = options.with(name, rest.next());
        }
        return options;
    }

    BenchOptions withoutSlapd() {
        return new BenchOptions(populations, round, rounds, warmUp, false);
    }

    private BenchOptions with(String name, String value) {
        return switch (name) {
            case "--users" -> new BenchOptions(populations(value), round, rounds, warmUp, slapd);
            case "--seconds" -> new BenchOptions(populations, Duration.ofSeconds(positive(value)), rounds, warmUp, slapd);
            case "--rounds" -> new BenchOptions(populations, round, positive(value), warmUp, slapd);
            default -> new BenchOptions(populations, round, rounds, Duration.ofSeconds(positive(value)), slapd);
        };
    }

    private static List<Population> populations(String sizes) {
        return Arrays.stream(sizes.split(",")).map(size -> new Population(positive(size))).distinct().toList();
    }

    private static int positive(String number) {
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

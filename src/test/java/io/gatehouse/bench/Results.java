package io.gatehouse.bench;

import io.gatehouse.bench.Contender.Product;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** All rounds. Two servers are compared round by round, and the ratios' median taken: what disturbs a round disturbs both. */
final class Results {

    private record Key(Product product, Population population, Scenario scenario) {
    }

    private final Map<Key, List<Measurement>> rounds = new HashMap<>();

    void add(Contender contender, Scenario scenario, Measurement round) {
        rounds.computeIfAbsent(new Key(contender.product(), contender.population(), scenario), key -> new ArrayList<>()).add(round);
    }

    OptionalDouble median(Product product, Population population, Scenario scenario, ToDoubleFunction<Measurement> figure) {
        return median(of(product, population, scenario).stream().mapToDouble(figure).toArray());
    }

    /** Gatehouse's figure in relation to slapd's. */
    OptionalDouble ratioToSlapd(Population population, Scenario scenario, ToDoubleFunction<Measurement> figure) {
        return ratio(of(Product.GATEHOUSE, population, scenario), of(Product.SLAPD, population, scenario), figure);
    }

    /** Gatehouse's figure with these users in relation to that with others. */
    OptionalDouble ratioOfSizes(Population population, Population other, Scenario scenario, ToDoubleFunction<Measurement> figure) {
        return ratio(of(Product.GATEHOUSE, population, scenario), of(Product.GATEHOUSE, other, scenario), figure);
    }

    /** Gatehouse's figure under one load in relation to that under another. */
    OptionalDouble ratioOfScenarios(Population population, Scenario scenario, Scenario other, ToDoubleFunction<Measurement> figure) {
        return ratio(of(Product.GATEHOUSE, population, scenario), of(Product.GATEHOUSE, population, other), figure);
    }

    /** These figures in relation to those of other results, round by round. */
    OptionalDouble ratioTo(Results others, Product product, Population population, Scenario scenario, ToDoubleFunction<Measurement> figure) {
        return ratio(of(product, population, scenario), others.of(product, population, scenario), figure);
    }

    private List<Measurement> of(Product product, Population population, Scenario scenario) {
        return rounds.getOrDefault(new Key(product, population, scenario), List.of());
    }

    private static OptionalDouble ratio(List<Measurement> these, List<Measurement> those, ToDoubleFunction<Measurement> figure) {
        return median(IntStream.range(0, Math.min(these.size(), those.size()))
                .mapToDouble(round -> figure.applyAsDouble(these.get(round)) / figure.applyAsDouble(those.get(round))).toArray());
    }

    private static OptionalDouble median(double[] values) {
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        return OptionalDouble.of(values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
    }
}

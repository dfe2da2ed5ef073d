package io.gatehouse.directory.persistent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntSetTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 20, 40, 64, 200, 100_000, Integer.MAX_VALUE})
    void behavesAsTreeSetDoesForElementsBelow(int bound) {
        var random = new Random(bound);
        var model = new TreeSet<Integer>();
        var set = IntSet.EMPTY;
        for (int step = 0; step < 4_000; step++) {
            int element = random.nextInt(4) == 0 && !model.isEmpty() ? model.last() : random.nextInt(bound);
            if (random.nextInt(2_000) > Math.abs(step % 3_000 - 1_500)) {
                model.add(element);
                set = set.with(element);
            } else {
                model.remove(element);
                set = set.without(element);
            }
            assertThat(set.size()).isEqualTo(model.size());
            assertThat(set.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(set.contains(element)).isEqualTo(model.contains(element));
            if (step % 200 == 0) {
                int first = random.nextInt(bound);
                assertThat(from(set, first)).containsExactlyElementsOf(model.tailSet(first));
                assertThat(from(set, 0)).containsExactlyElementsOf(model);
            }
        }
        for (var element : List.copyOf(model)) {
            set = set.without(element);
        }
        assertThat(set.isEmpty()).isTrue();
        assertThat(from(set.with(7), 0)).containsExactly(7);
    }

    @Test
    void earlierVersionsStayAsTheyWere() {
        var random = new Random(3);
        var models = new ArrayList<Set<Integer>>();
        var versions = new ArrayList<IntSet>();
        var model = new TreeSet<Integer>();
        var set = IntSet.EMPTY;
        for (int step = 0; step < 600; step++) {
            int element = random.nextInt(120);
            if (random.nextInt(600) > step) {
                model.add(element);
                set = set.with(element);
            } else {
                model.remove(element);
                set = set.without(element);
            }
            models.add(new TreeSet<>(model));
            versions.add(set);
        }
        for (int i = 0; i < versions.size(); i++) {
            assertThat(from(versions.get(i), 0)).containsExactlyElementsOf(models.get(i));
        }
    }

    @Test
    void unitesWhatIsInEither() {
        var random = new Random(4);
        for (int size : new int[] {0, 1, 2, 31, 32, 33, 500}) {
            for (int other : new int[] {0, 1, 33, 400}) {
                var model = new TreeSet<Integer>();
                var left = filled(random, size, model);
                var right = filled(random, other, model);

                assertThat(from(left.union(right), 0)).containsExactlyElementsOf(model);
                assertThat(left.union(right).size()).isEqualTo(model.size());
            }
        }
    }

    @Test
    void stopsWhenTold() {
        for (int size : new int[] {1, 5, 100}) {
            var set = filled(new Random(5), size, new TreeSet<>());
            var seen = new ArrayList<Integer>();

            assertThat(set.forEach(element -> {
                seen.add(element);
                return false;
            })).isFalse();
            assertThat(seen).hasSize(1);
        }
        assertThat(IntSet.EMPTY.forEach(element -> false)).isTrue();
    }

    private static IntSet filled(Random random, int size, Set<Integer> model) {
        var set = IntSet.EMPTY;
        while (set.size() < size) {
            int element = random.nextInt(1_000);
            set = set.with(element);
            model.add(element);
        }
        return set;
    }

    private static List<Integer> from(IntSet set, int first) {
        var found = new ArrayList<Integer>();
        set.forEachFrom(first, found::add);
        return found;
    }
}

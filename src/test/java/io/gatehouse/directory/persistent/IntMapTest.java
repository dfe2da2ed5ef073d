package io.gatehouse.directory.persistent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntMapTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 31, 32, 33, 1_000, 40_000, 1 << 25, Integer.MAX_VALUE})
    void behavesAsTreeMapDoesForKeysBelow(int bound) {
        var random = new Random(bound);
        var model = new TreeMap<Integer, Integer>();
        IntMap<Integer> map = IntMap.empty();
        for (int step = 0; step < 4_000; step++) {
            int key = bound == 1 ? 0 : random.nextInt(bound);
            if (random.nextInt(10) < 3 && !model.isEmpty()) {
                key = model.firstKey();
            }
            if (random.nextInt(2_000) > Math.abs(step % 3_000 - 1_500)) {
                model.put(key, step);
                map = map.with(key, step);
            } else {
                model.remove(key);
                map = map.without(key);
            }
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.get(key)).isEqualTo(model.get(key));
            if (step % 400 == 0) {
                int first = bound == 1 ? 0 : random.nextInt(bound);
                assertThat(from(map, first)).isEqualTo(model.tailMap(first));
                assertThat(from(map, 0)).isEqualTo(model);
            }
        }
    }

    @Test
    void walksInOrderFromAnyStartAndStopsWhenTold() {
        IntMap<String> map = IntMap.empty();
        for (int key : new int[] {5, 0, 31, 32, 1_023, 1_024, 32_768, Integer.MAX_VALUE, 33}) {
            map = map.with(key, "v" + key);
        }

        assertThat(from(map, 0).keySet()).containsExactly(0, 5, 31, 32, 33, 1_023, 1_024, 32_768, Integer.MAX_VALUE);
        assertThat(from(map, 32).keySet()).containsExactly(32, 33, 1_023, 1_024, 32_768, Integer.MAX_VALUE);
        assertThat(from(map, 34).keySet()).containsExactly(1_023, 1_024, 32_768, Integer.MAX_VALUE);
        assertThat(from(map, 32_769).keySet()).containsExactly(Integer.MAX_VALUE);
        assertThat(from(map, Integer.MAX_VALUE).keySet()).containsExactly(Integer.MAX_VALUE);
        assertThat(from(map, -5).keySet()).hasSize(9);
        var seen = new ArrayList<Integer>();
        assertThat(map.forEachFrom(5, (key, value) -> seen.add(key) && seen.size() < 3)).isFalse();
        assertThat(seen).containsExactly(5, 31, 32);
        assertThat(map.forEach((key, value) -> true)).isTrue();
        assertThat(IntMap.empty().forEach((key, value) -> false)).isTrue();
    }

    @Test
    void earlierVersionsStayAsTheyWere() {
        var random = new Random(2);
        var models = new ArrayList<Map<Integer, Integer>>();
        var versions = new ArrayList<IntMap<Integer>>();
        var model = new TreeMap<Integer, Integer>();
        IntMap<Integer> map = IntMap.empty();
        for (int step = 0; step < 500; step++) {
            int key = random.nextInt(1 << random.nextInt(1, 20));
            if (random.nextInt(3) > 0) {
                model.put(key, step);
                map = map.with(key, step);
            } else {
                model.remove(key);
                map = map.without(key);
            }
            models.add(new TreeMap<>(model));
            versions.add(map);
        }
        for (int i = 0; i < versions.size(); i++) {
            assertThat(from(versions.get(i), 0)).isEqualTo(models.get(i));
        }
    }

    @Test
    void hasNoPlaceForNegativeKeys() {
        assertThatThrownBy(() -> IntMap.empty().with(-1, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThat(IntMap.<String>empty().with(1, "x").get(-1)).isNull();
        assertThat(IntMap.<String>empty().with(1, "x").without(-1).size()).isEqualTo(1);
    }

    private static <V> Map<Integer, V> from(IntMap<V> map, int first) {
        var found = new LinkedHashMap<Integer, V>();
        var last = new int[] {-1};
        map.forEachFrom(first, (key, value) -> {
            assertThat(key).as("ascending").isGreaterThan(last[0]);
            last[0] = key;
            found.put(key, value);
            return true;
        });
        return found;
    }
}

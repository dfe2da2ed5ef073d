package io.gatehouse.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.directory.persistent.IntSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupNestingTest {

    private static final int GROUPS = 12;

    @Test
    void knowsWhatIsAboveAndBelowWhateverWasChangedBefore() {
        var random = new Random(5);
        var nesting = GroupNesting.NONE;
        var pairs = new HashMap<Integer, Set<Integer>>();
        for (int step = 0; step < 2_000; step++) {
            int group = random.nextInt(GROUPS);
            if (random.nextInt(4) == 0) {
                nesting = nesting.without(group);
                pairs.remove(group);
                pairs.values().forEach(inner -> inner.remove(group));
            } else {
                var inner = new HashSet<Integer>();
                for (int count = random.nextInt(3); count > 0; count--) {
                    inner.add(random.nextInt(GROUPS));
                }
                nesting = nesting.with(group, set(inner));
                pairs.put(group, inner);
            }
            int asked = random.nextInt(GROUPS);
            assertThat(elements(nesting.below(IntSet.of(asked)))).isEqualTo(reachable(asked, pairs));
            assertThat(elements(nesting.above(IntSet.of(asked)))).isEqualTo(reachable(asked, turned(pairs)));
            assertThat(elements(nesting.in(asked))).isEqualTo(new TreeSet<>(pairs.getOrDefault(asked, Set.of())));
            assertThat(elements(nesting.around(asked))).isEqualTo(new TreeSet<>(turned(pairs).getOrDefault(asked, Set.of())));
        }
    }

    private static Set<Integer> reachable(int from, Map<Integer, Set<Integer>> pairs) {
        var reached = new TreeSet<>(Set.of(from));
        while (reached.addAll(reached.stream().flatMap(group -> pairs.getOrDefault(group, Set.of()).stream()).toList())) { }
        return reached;
    }

    private static Map<Integer, Set<Integer>> turned(Map<Integer, Set<Integer>> pairs) {
        var turned = new HashMap<Integer, Set<Integer>>();
        pairs.forEach((group, inner) -> inner.forEach(each -> turned.computeIfAbsent(each, key -> new HashSet<>()).add(group)));
        return turned;
    }

    private static IntSet set(Set<Integer> elements) {
        var set = IntSet.EMPTY;
        for (int element : elements) {
            set = set.with(element);
        }
        return set;
    }

    private static Set<Integer> elements(IntSet set) {
        var elements = new TreeSet<Integer>();
        set.forEach(elements::add);
        return elements;
    }
}

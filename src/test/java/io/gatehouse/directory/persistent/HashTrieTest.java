package io.gatehouse.directory.persistent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HashTrieTest {

    /** A key with the hash of one's choice. */
    private record Key(int number, int hash) {

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private interface Hashing {

        int of(int number);
    }

    private static final List<Hashing> HASHINGS = List.of(
            number -> number * 0x9e3779b9,
            number -> number % 7,
            number -> 42,
            number -> number << 30,
            number -> number << 27,
            number -> (number & 1) << 31 | number % 3,
            number -> number);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void behavesAsHashMapDoesUnderEachKindOfHash(int hashing) {
        var random = new Random(hashing);
        var model = new HashMap<Key, Integer>();
        HashTrie<Key, Integer> trie = HashTrie.empty();
        for (int step = 0; step < 6_000; step++) {
            int number = random.nextInt(300);
            var key = new Key(number, HASHINGS.get(hashing).of(number));
            // Grows, then shrinks to nothing, then grows again.
            if (random.nextInt(3_000) > Math.abs(step % 4_000 - 2_000)) {
                model.put(key, step);
                trie = trie.with(key, step);
            } else {
                model.remove(key);
                trie = trie.without(key);
            }
            assertThat(trie.size()).isEqualTo(model.size());
            assertThat(trie.get(key)).isEqualTo(model.get(key));
            if (step % 500 == 0) {
                assertHolds(trie, model, hashing);
            }
        }
        assertHolds(trie, model, hashing);
        for (var key : List.copyOf(model.keySet())) {
            trie = trie.without(key);
        }
        assertThat(trie.size()).isZero();
        assertThat(trie.with(new Key(1, 1), 1).get(new Key(1, 1))).isEqualTo(1);
    }

    @Test
    void earlierVersionsStayAsTheyWere() {
        var random = new Random(1);
        var models = new ArrayList<Map<Key, Integer>>();
        var versions = new ArrayList<HashTrie<Key, Integer>>();
        var model = new HashMap<Key, Integer>();
        HashTrie<Key, Integer> trie = HashTrie.empty();
        for (int step = 0; step < 400; step++) {
            int number = random.nextInt(80);
            var key = new Key(number, number % 11);
            if (random.nextBoolean()) {
                model.put(key, step);
                trie = trie.with(key, step);
            } else {
                model.remove(key);
                trie = trie.without(key);
            }
            models.add(Map.copyOf(model));
            versions.add(trie);
        }
        for (int i = 0; i < versions.size(); i++) {
            var version = versions.get(i);
            assertThat(version.size()).isEqualTo(models.get(i).size());
            for (int number = 0; number < 80; number++) {
                var key = new Key(number, number % 11);
                assertThat(version.get(key)).isEqualTo(models.get(i).get(key));
            }
        }
    }

    @Test
    void removingWhatIsNotThereChangesNothing() {
        var trie = HashTrie.<String, Integer>empty().with("a", 1);

        assertThat(trie.without("b")).isSameAs(trie);
        assertThat(HashTrie.<String, Integer>empty().without("a").size()).isZero();
    }

    private static void assertHolds(HashTrie<Key, Integer> trie, Map<Key, Integer> model, int hashing) {
        for (int number = 0; number < 300; number++) {
            var key = new Key(number, HASHINGS.get(hashing).of(number));
            assertThat(trie.get(key)).isEqualTo(model.get(key));
        }
    }
}

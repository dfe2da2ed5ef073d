package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.Problem;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    @Test
    void isTheLastOneWhenNothingFollows() {
        var page = Page.of(List.of("a", "b"), Page.Request.of(2, null), Function.identity());

        assertThat(page.items()).containsExactly("a", "b");
        assertThat(page.next()).isNull();
    }

    @Test
    void tellsWhereTheNextOneBegins() {
        var page = Page.of(List.of("a", "b", "c"), Page.Request.of(2, null), Function.identity());

        assertThat(page.items()).containsExactly("a", "b");
        assertThat(Page.Request.of(2, page.next()).after()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1001, Integer.MAX_VALUE})
    void refusesLimitsOutOfRange(int limit) {
        assertThatThrownBy(() -> Page.Request.of(limit, null)).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "A", "AAAA", "YWxpY2UK"})
    void refusesCursorsThatNoPageGave(String cursor) {
        assertThatThrownBy(() -> Page.Request.of(null, cursor)).isInstanceOf(Problem.class)
                .extracting(problem -> ((Problem) problem).field()).isEqualTo("cursor");
    }
}

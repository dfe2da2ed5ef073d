package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentReaderTest {

    @RequestDocument
    record Order(
            @Nullable String customer,
            @Nullable @JsonProperty("isUrgent") Boolean urgent,
            @Nullable Integer count,
            @Nullable List<String> remarks,
            @Nullable Address address) {
    }

    @RequestDocument
    record Address(@Nullable String city) {
    }

    @Test
    void readsEveryFieldByItsJsonName() {
        var order = read(Map.of("customer", "ada", "isUrgent", true, "count", 3, "remarks", List.of("a", "b"), "address", Map.of("city", "Rome")));

        assertThat(order).isEqualTo(new Order("ada", true, 3, List.of("a", "b"), new Address("Rome")));
    }

    @Test
    void leavesMissingFieldsAndNullsEmpty() {
        var members = new HashMap<String, Object>();
        members.put("customer", null);

        assertThat(read(members)).isEqualTo(new Order(null, null, null, null, null));
    }

    @Test
    void namesTheFieldThatItDoesNotKnow() {
        assertThat(refusal(Map.of("urgent", true)).field()).isEqualTo("urgent");
        assertThat(refusal(Map.of("address", Map.of("street", "x"))).field()).isEqualTo("address.street");
    }

    @Test
    void namesTheFieldOfAnotherTypeAndKeepsItsValueToItself() {
        for (var members : List.<Map<String, Object>>of(
                Map.of("customer", 5), Map.of("isUrgent", "true"), Map.of("count", 1.5), Map.of("count", 10_000_000_000L),
                Map.of("remarks", "a"), Map.of("remarks", List.of(1)), Map.of("address", "Rome"))) {
            var refusal = refusal(members);

            assertThat(refusal.field()).isEqualTo(members.keySet().iterator().next());
            assertThat(refusal.value()).isNull();
        }
    }

    private static Order read(Map<String, Object> members) {
        return DocumentReader.read(Order.class, members, "");
    }

    private static Problem refusal(Map<String, Object> members) {
        return catchThrowableOfType(Problem.class, () -> read(members));
    }
}

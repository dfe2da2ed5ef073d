package io.gatehouse.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.testing.GatehouseServer;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretSettingIT {

    private static final Setting<String> SECRET = new Setting<>("api_key", "text", "", true, "A key.", (field, text) -> text);
    private static final Setting<String> OTHER = new Setting<>("other_key", "text", "", true, "Another key.", (field, text) -> text);

    @Test
    void isEncryptedInTheDatabaseAndBoundToItsKey() {
        try (var server = GatehouseServer.start()) {
            var rows = server.bean(SettingRows.class);
            server.sql().useHandle(handle -> {
                rows.put(handle, SECRET, "hush-hush", "somebody");

                var kept = handle.createQuery("select value from settings where key = 'api_key'").mapTo(String.class).one();
                assertThat(kept).doesNotContain("hush").matches("[A-Za-z0-9+/=]{40,}");
                assertThat(rows.all(handle, List.of(SECRET)).get(SECRET).text()).isEqualTo("hush-hush");
                assertThat(rows.all(handle, List.of(SECRET)).get(SECRET).toString()).doesNotContain("hush");

                handle.execute("update settings set key = 'other_key' where key = 'api_key'");
                assertThatThrownBy(() -> rows.all(handle, List.of(OTHER))).isInstanceOf(IllegalStateException.class).message().doesNotContain("hush");
            });
        }
    }
}

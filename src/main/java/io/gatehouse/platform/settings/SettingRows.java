package io.gatehouse.platform.settings;

import io.gatehouse.platform.MasterKey;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The table {@code settings}. */
@Singleton
public final class SettingRows {

    private final MasterKey masterKey;

    SettingRows(MasterKey masterKey) {
        this.masterKey = masterKey;
    }

    /** Keeps other writers away until the transaction ends: some rules look at several settings. */
    public void lock(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.settings'))");
    }

    /** Those that do not have their defaults. Rows of which this version knows no setting are left alone. */
    public Map<Setting<?>, StoredSetting> all(Handle handle) {
        return all(handle, Setting.ALL);
    }

    Map<Setting<?>, StoredSetting> all(Handle handle, Iterable<Setting<?>> known) {
        var byKey = new HashMap<String, Setting<?>>();
        known.forEach(setting -> byKey.put(setting.key(), setting));
        var stored = new HashMap<Setting<?>, StoredSetting>();
        handle.createQuery("select key, value, revision, updated_at, updated_by from settings").map((row, context) -> {
            var setting = byKey.get(row.getString("key"));
            if (setting != null) {
                stored.put(setting, new StoredSetting(
                        open(setting, row.getString("value")),
                        row.getLong("revision"),
                        row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                        row.getString("updated_by")));
            }
            return row.getString("key");
        }).list();
        return stored;
    }

    /** @param text one that follows the setting's rule */
    public void put(Handle handle, Setting<?> setting, String text, String by) {
        handle.createUpdate("""
                        insert into settings (key, value, updated_by) values (:key, :value, :by)
                        on conflict (key) do update set value = excluded.value, updated_by = excluded.updated_by""")
                .bind("key", setting.key())
                .bind("value", seal(setting, text))
                .bind("by", by)
                .execute();
    }

    /** Brings the default back. */
    public void remove(Handle handle, Setting<?> setting) {
        handle.execute("delete from settings where key = ?", setting.key());
    }

    private String seal(Setting<?> setting, String text) {
        return setting.isSecret()
                ? Base64.getEncoder().encodeToString(masterKey.encrypt(text.getBytes(StandardCharsets.UTF_8), context(setting)))
                : text;
    }

    private String open(Setting<?> setting, String stored) {
        return setting.isSecret()
                ? new String(masterKey.decrypt(Base64.getDecoder().decode(stored), context(setting)), StandardCharsets.UTF_8)
                : stored;
    }

    private static String context(Setting<?> setting) {
        return "settings.value:" + setting.key();
    }
}

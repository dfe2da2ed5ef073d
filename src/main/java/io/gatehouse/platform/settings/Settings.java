package io.gatehouse.platform.settings;

import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The present values of all settings, from memory; this node's own changes are there when their answers are. */
@Singleton
public final class Settings implements ChangeListener {

    private final Database database;
    private final SettingRows rows;
    private volatile Map<Setting<?>, Object> values = Map.of();

    Settings(Database database, SettingRows rows) {
        this.database = database;
        this.rows = rows;
    }

    /** The value that was set, or the default. */
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        var value = values.get(setting);
        return value == null ? setting.parse(setting.key(), setting.defaultText()) : (T) value;
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> change.table().equals("settings"))) {
            reload();
        }
    }

    @Override
    public void reload() {
        var fresh = new HashMap<Setting<?>, Object>();
        database.jdbi().useHandle(handle -> rows.all(handle)
                .forEach((setting, stored) -> fresh.put(setting, setting.parse(setting.key(), stored.text()))));
        values = Map.copyOf(fresh);
    }
}

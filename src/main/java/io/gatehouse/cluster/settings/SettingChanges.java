package io.gatehouse.cluster.settings;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.SettingRows;
import io.gatehouse.platform.settings.StoredSetting;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Shows and changes settings; values that depend on each other change together, or not at all. */
@Singleton
final class SettingChanges {

    private final Transactions transactions;
    private final SettingRows rows;
    private final AuditLog audit;

    SettingChanges(Transactions transactions, SettingRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.audit = audit;
    }

    ShownSetting get(Setting<?> setting) {
        return list(List.of(setting)).getFirst();
    }

    List<ShownSetting> list(List<Setting<?>> wanted) {
        var stored = transactions.read(rows::all);
        return shown(wanted, stored);
    }

    /**
     * @param text null for the default
     * @throws Problem if the setting is in another state, or the value breaks a rule
     */
    ShownSetting set(Setting<?> setting, @Nullable String text, IfMatch condition, Actor actor) {
        if (text != null) {
            setting.parse("value", text);
        }
        return transactions.write(handle -> {
            rows.lock(handle);
            condition.check(ShownSetting.of(setting, rows.all(handle).get(setting)));
            var wishes = new LinkedHashMap<Setting<?>, String>();
            wishes.put(setting, text);
            return shown(List.of(setting), apply(handle, wishes, actor)).getFirst();
        });
    }

    /**
     * All of it, or nothing.
     *
     * @return all settings
     * @throws Problem if the patch names something that is no setting, or a value breaks a rule
     */
    List<ShownSetting> patch(MergePatch patch, Actor actor) {
        var wishes = new LinkedHashMap<Setting<?>, String>();
        for (var setting : Setting.ALL) {
            if (patch.names(setting.key())) {
                var text = patch.text(setting.key());
                if (text != null) {
                    setting.parse(setting.key(), text);
                }
                wishes.put(setting, text);
            }
        }
        patch.end();
        return transactions.write(handle -> {
            rows.lock(handle);
            return shown(Setting.ALL, apply(handle, wishes, actor));
        });
    }

    private Map<Setting<?>, StoredSetting> apply(Handle handle, Map<Setting<?>, String> wishes, Actor actor) {
        var before = rows.all(handle);
        for (var wish : wishes.entrySet()) {
            var setting = wish.getKey();
            var present = text(before, setting);
            var wanted = wish.getValue() == null ? setting.defaultText() : wish.getValue();
            if (!wanted.equals(present)) {
                change(handle, setting, present, wanted, actor);
            }
        }
        var after = rows.all(handle);
        if (text(after, Setting.PUSH_NOTIFICATION_ENABLED).equals("true") && text(after, Setting.PUSH_NOTIFICATION_URL).isEmpty()) {
            throw Problem.conflict(Setting.PUSH_NOTIFICATION_URL.key(), null, "Push notifications need an address while they are enabled.");
        }
        return after;
    }

    private void change(Handle handle, Setting<?> setting, String present, String wanted, Actor actor) {
        if (wanted.equals(setting.defaultText())) {
            rows.remove(handle, setting);
        } else {
            rows.put(handle, setting, wanted, actor.name());
        }
        var event = success(actor, "cluster.setting.changed", "setting:" + setting.key());
        audit.record(handle, setting.isSecret() ? event.masked("value") : event.changed("value", present, wanted));
    }

    private static String text(Map<Setting<?>, StoredSetting> stored, Setting<?> setting) {
        var own = stored.get(setting);
        return own == null ? setting.defaultText() : own.text();
    }

    private static List<ShownSetting> shown(List<Setting<?>> wanted, Map<Setting<?>, StoredSetting> stored) {
        return wanted.stream().map(setting -> ShownSetting.of(setting, stored.get(setting))).toList();
    }
}

package io.gatehouse.directory;

import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Follows the database: reads what was committed and publishes the next snapshot. */
@Singleton
final class DirectoryUpdater implements ChangeListener {

    private final DirectoryReader reader;
    private final Directory directory;
    private SnapshotEditor editor;

    DirectoryUpdater(DirectoryReader reader, Directory directory, DirectoryLayout layout) {
        this.reader = reader;
        this.directory = directory;
        editor = new SnapshotEditor(layout);
    }

    @Override
    public void reload() {
        reader.readAll(rows -> {
            var since = new Instant[] {Instant.now()};
            rows.forEachGroup(row -> since[0] = row.createdAt().isBefore(since[0]) ? row.createdAt() : since[0]);
            var fresh = editor.reset(since[0]);
            rows.forEachGroup(fresh::put);
            rows.forEachPerson(fresh::put);
            rows.forEachServiceAccount(fresh::put);
            editor = fresh;
        });
        directory.publish(editor.snapshot());
        // Loading leaves more garbage than directory, in the old generation; a server that then rests would keep it for hours.
        System.gc();
    }

    @Override
    public void changed(List<Change> changes) {
        Set<Integer> uidNumbers = new HashSet<>();
        Set<Integer> gidNumbers = new HashSet<>();
        Set<String> serviceAccounts = new HashSet<>();
        for (var change : changes) {
            switch (change.table()) {
                case "users" -> uidNumbers.add(Integer.valueOf(change.key()));
                case "groups" -> gidNumbers.add(Integer.valueOf(change.key()));
                case "service_accounts" -> serviceAccounts.add(change.key());
                default -> { }
            }
        }
        if (uidNumbers.isEmpty() && gidNumbers.isEmpty() && serviceAccounts.isEmpty()) {
            return;
        }
        reader.readNewer(editor.lastUsn, uidNumbers, gidNumbers, serviceAccounts, rows -> {
            rows.forEachGroup(row -> {
                gidNumbers.remove(row.gidNumber());
                uidNumbers.addAll(editor.namesakes(row.cn(), row.gidNumber()));
                uidNumbers.addAll(editor.namesakes(editor.groupName(row.gidNumber()), row.gidNumber()));
                editor.put(row);
            });
            gidNumbers.forEach(gidNumber -> {
                uidNumbers.addAll(editor.namesakes(editor.groupName(gidNumber), gidNumber));
                editor.removeGroup(gidNumber);
            });
            rows.forEachPerson(row -> {
                uidNumbers.remove(row.uidNumber());
                editor.put(row);
            });
            uidNumbers.forEach(editor::removePerson);
            rows.forEachServiceAccount(row -> {
                serviceAccounts.remove(row.name());
                editor.put(row);
            });
            serviceAccounts.forEach(editor::removeServiceAccount);
        });
        directory.publish(editor.snapshot());
    }
}

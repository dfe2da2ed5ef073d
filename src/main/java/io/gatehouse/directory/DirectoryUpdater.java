package io.gatehouse.directory;

import io.gatehouse.directory.DirectoryReader.GroupRow;
import io.gatehouse.directory.DirectoryReader.HostRow;
import io.gatehouse.directory.DirectoryReader.PersonRow;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
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
            var groups = new ArrayList<GroupRow>();
            rows.forEachGroup(groups::add);
            var fresh = editor.reset(groups.stream().map(GroupRow::createdAt).min(Instant::compareTo).orElseGet(Instant::now));
            groups.forEach(fresh::put);
            groups.forEach(fresh::nest);
            rows.forEachPerson(fresh::put);
            rows.forEachServiceAccount(fresh::put);
            rows.forEachHost(fresh::put);
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
        Set<Integer> containers = new HashSet<>();
        for (var change : changes) {
            switch (change.table()) {
                case "users" -> uidNumbers.add(Integer.valueOf(change.key()));
                case "groups" -> gidNumbers.add(Integer.valueOf(change.key()));
                case "service_accounts" -> serviceAccounts.add(change.key());
                case "machine_accounts" -> containers.add(Integer.valueOf(change.key()));
                default -> { }
            }
        }
        if (uidNumbers.isEmpty() && gidNumbers.isEmpty() && serviceAccounts.isEmpty() && containers.isEmpty()) {
            return;
        }
        reader.readNewer(editor.lastUsn, uidNumbers, gidNumbers, serviceAccounts, containers, rows -> {
            var groups = new ArrayList<GroupRow>();
            rows.forEachGroup(groups::add);
            groups.forEach(row -> gidNumbers.remove(row.gidNumber()));
            groups.forEach(row -> uidNumbers.addAll(editor.namesakes(row)));
            gidNumbers.forEach(gidNumber -> uidNumbers.addAll(editor.namesakes(gidNumber)));
            var people = new ArrayList<PersonRow>();
            rows.forEachPerson(people::add);
            people.forEach(row -> uidNumbers.remove(row.uidNumber()));
            // What is gone makes room first: somebody else may have its name already.
            gidNumbers.forEach(editor::removeGroup);
            uidNumbers.forEach(editor::removePerson);
            people.forEach(editor::vacateName);
            groups.forEach(editor::vacateName);
            groups.forEach(editor::put);
            groups.forEach(editor::nest);
            people.forEach(editor::put);
            rows.forEachServiceAccount(row -> {
                serviceAccounts.remove(row.name());
                editor.put(row);
            });
            serviceAccounts.forEach(editor::removeServiceAccount);
            var hosts = new ArrayList<HostRow>();
            rows.forEachHost(hosts::add);
            hosts.forEach(row -> containers.remove(row.containerId()));
            containers.forEach(editor::removeHost);
            hosts.forEach(editor::vacateName);
            hosts.forEach(editor::put);
        });
        directory.publish(editor.snapshot());
    }
}

package io.gatehouse.directory;

import io.gatehouse.access.Policy;
import io.gatehouse.directory.DirectoryReader.GroupRow;
import io.gatehouse.directory.DirectoryReader.HostRow;
import io.gatehouse.directory.DirectoryReader.PersonRow;
import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
            rows.forEachPlace(fresh::put);
            rows.forEachPolicy(fresh::put);
            fresh.set(rows.defaultAccess());
            editor = fresh;
        });
        directory.publish(editor.snapshot());
        // Loading leaves more garbage than directory, in the old generation; a server that then rests would keep it for hours.
        System.gc();
    }

    @Override
    public void changed(List<Change> changes) {
        var keys = ChangedKeys.of(changes);
        if (keys.isEmpty()) {
            return;
        }
        reader.readNewer(editor.lastUsn, keys, rows -> {
            var groups = new ArrayList<GroupRow>();
            rows.forEachGroup(groups::add);
            groups.forEach(row -> keys.groups().remove(row.gidNumber()));
            groups.forEach(row -> keys.people().addAll(editor.namesakes(row)));
            keys.groups().forEach(gidNumber -> keys.people().addAll(editor.namesakes(gidNumber)));
            var people = new ArrayList<PersonRow>();
            rows.forEachPerson(people::add);
            people.forEach(row -> keys.people().remove(row.uidNumber()));
            // What is gone makes room first: somebody else may have its name already.
            keys.groups().forEach(editor::removeGroup);
            keys.people().forEach(editor::removePerson);
            people.forEach(editor::vacateName);
            groups.forEach(editor::vacateName);
            groups.forEach(editor::put);
            groups.forEach(editor::nest);
            people.forEach(editor::put);
            rows.forEachServiceAccount(row -> {
                keys.serviceAccounts().remove(row.name());
                editor.put(row);
            });
            keys.serviceAccounts().forEach(editor::removeServiceAccount);
            var hosts = new ArrayList<HostRow>();
            rows.forEachHost(hosts::add);
            hosts.forEach(row -> keys.machineAccounts().remove(row.containerId()));
            keys.machineAccounts().forEach(editor::removeHost);
            hosts.forEach(editor::vacateName);
            hosts.forEach(editor::put);
            rows.forEachPlace(place -> {
                keys.places().remove(place.containerId());
                editor.put(place);
            });
            editor.removePlaces(keys.places());
            var policies = new ArrayList<Policy>();
            rows.forEachPolicy(policies::add);
            policies.forEach(policy -> keys.policies().remove(policy.id()));
            keys.policies().forEach(editor::removePolicy);
            policies.forEach(editor::vacateName);
            policies.forEach(editor::put);
            if (!keys.settings().isEmpty()) {
                editor.set(rows.defaultAccess());
            }
        });
        directory.publish(editor.snapshot());
    }
}

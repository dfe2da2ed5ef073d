package io.gatehouse.gateway;

import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.micronaut.context.BeanProvider;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import io.micronaut.serde.ObjectMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of every site, in memory: requests ask nothing else, also while the database is gone. A change has the sites that it
 * concerns read anew by a thread of its own, so that whoever made it does not wait; changes that come meanwhile are read together.
 */
@Singleton
public final class SiteStates implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(SiteStates.class);
    private static final int PAUSE_MILLIS = 500;

    private final Database database;
    private final SnapshotRows rows;
    private final List<Rendering> renderings;
    private final ObjectMapper json;
    private final BeanProvider<SiteListener> listeners;
    private final GatewayMeters meters;
    private final Map<Integer, SiteState> states = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Change> pending = new ConcurrentLinkedQueue<>();
    private final Semaphore due = new Semaphore(0);
    private volatile boolean stopped;

    SiteStates(Database database, SnapshotRows rows, List<Rendering> renderings, ObjectMapper json, BeanProvider<SiteListener> listeners,
               GatewayMeters meters) {
        this.database = database;
        this.rows = rows;
        this.renderings = renderings;
        this.json = json;
        this.listeners = listeners;
        this.meters = meters;
    }

    /** Empty if there is no such site. */
    public Optional<SiteState> of(int site) {
        var known = states.get(site);
        return known != null ? Optional.of(known) : ofNewOne(site);
    }

    /** Whoever has made a site finds it. */
    private Optional<SiteState> ofNewOne(int site) {
        try {
            catchUp();
        } catch (RuntimeException e) {
            LOG.debug("Changes of sites cannot be read", e);
        }
        return Optional.ofNullable(states.get(site));
    }

    @EventListener
    void start(ServerStartupEvent started) {
        Thread.ofVirtual().name("site-states").start(this::run);
    }

    @Override
    public void changed(List<Change> changes) {
        var ours = changes.stream().filter(SiteChanges::concerns).toList();
        if (!ours.isEmpty()) {
            pending.addAll(ours);
            due.release();
        }
    }

    @Override
    public synchronized void reload() {
        var snapshots = snapshot(rows::all);
        var gone = new ArrayList<>(states.keySet());
        snapshots.forEach(snapshot -> gone.remove((Integer) snapshot.site().id()));
        publish(snapshots, gone);
    }

    private void run() {
        while (!stopped) {
            try {
                due.acquire();
                due.drainPermits();
                catchUp();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("Changes of sites cannot be read ({}); trying again", e.getMessage());
                due.release();
                pause();
            }
        }
    }

    private synchronized void catchUp() {
        var changes = new ArrayList<Change>();
        for (var change = pending.poll(); change != null; change = pending.poll()) {
            changes.add(change);
        }
        if (changes.isEmpty()) {
            return;
        }
        try {
            follow(SiteChanges.of(changes));
        } catch (RuntimeException e) {
            pending.addAll(changes);
            throw e;
        }
    }

    private void follow(SiteChanges changes) {
        var concerned = new ArrayList<Integer>();
        states.forEach((id, state) -> {
            if (changes.touch(state.snapshot())) {
                concerned.add(id);
            }
        });
        var snapshots = snapshot(handle -> {
            concerned.addAll(rows.concerned(handle, changes));
            return concerned.isEmpty() ? List.of() : rows.of(handle, concerned);
        });
        snapshots.forEach(snapshot -> concerned.removeIf(id -> id == snapshot.site().id()));
        publish(snapshots, concerned);
    }

    private interface Reading {
        List<SiteSnapshot> snapshots(Handle handle);
    }

    private List<SiteSnapshot> snapshot(Reading reading) {
        return database.jdbi().inTransaction(TransactionIsolationLevel.REPEATABLE_READ, reading::snapshots);
    }

    private void publish(Collection<SiteSnapshot> snapshots, Collection<Integer> gone) {
        for (var snapshot : snapshots) {
            int id = snapshot.site().id();
            var fresh = meters.build(() -> state(snapshot));
            var known = states.get(id);
            if (known == null || !known.json().hash().equals(fresh.json().hash())) {
                states.put(id, fresh);
                listeners.forEach(listener -> listener.siteChanged(id));
            }
        }
        for (int id : gone) {
            if (states.remove(id) != null) {
                listeners.forEach(listener -> listener.siteChanged(id));
            }
        }
    }

    private SiteState state(SiteSnapshot snapshot) {
        try {
            return new SiteState(snapshot, Representation.of(json.writeValueAsBytes(snapshot)), this::files);
        } catch (IOException e) {
            throw new IllegalStateException("A snapshot is always JSON", e);
        }
    }

    private SortedMap<String, String> files(SiteSnapshot snapshot) {
        var files = new TreeMap<String, String>();
        renderings.forEach(rendering -> files.putAll(rendering.files(snapshot)));
        return files;
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    @PreDestroy
    void stop() {
        stopped = true;
        due.release();
    }
}

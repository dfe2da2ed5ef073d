package io.gatehouse.cluster;

import static io.gatehouse.audit.AuditEvent.success;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import jakarta.inject.Singleton;

/** Whom the owners of containers let in: they may log in there and see the container, but change nothing about it. */
@Singleton
final class Collaborators {

    private final ClusterTransactions transactions;
    private final Containers containers;
    private final CollaboratorRows rows;
    private final AuditLog audit;

    Collaborators(ClusterTransactions transactions, Containers containers, CollaboratorRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.containers = containers;
        this.rows = rows;
        this.audit = audit;
    }

    /** @throws Problem if there is no such container that the caller may see */
    Page<Collaborator> list(int container, ListRequest request, Caller caller) {
        return transactions.read(handle -> rows.list(handle, request, containers.visible(handle, container, caller).id()));
    }

    /**
     * Lets somebody in, who may be let in already.
     *
     * @throws Problem if there is no such container that the caller may change, or no such user, or it is the user's
     */
    void add(int container, String username, Caller caller, Actor actor) {
        transactions.write(handle -> {
            var own = containers.changeable(handle, container, caller);
            int uidNumber = rows.user(handle, username).orElseThrow(() -> Problem.notFound("user", username));
            if (own.username().equals(username)) {
                throw Problem.conflict(null, null, "The container is this user's own.");
            }
            if (rows.add(handle, container, uidNumber)) {
                audit.record(handle, success(actor, "cluster.container.collaborator-added", Containers.target(own)).with("collaborator", username));
            }
            return null;
        });
    }

    /** @throws Problem if there is no such container that the caller may change, or it has no such collaborator */
    void remove(int container, String username, Caller caller, Actor actor) {
        transactions.write(handle -> {
            var own = containers.changeable(handle, container, caller);
            if (!rows.remove(handle, container, username)) {
                throw Problem.notFound("collaborator of this container called", username);
            }
            audit.record(handle, success(actor, "cluster.container.collaborator-removed", Containers.target(own)).with("collaborator", username));
            return null;
        });
    }
}

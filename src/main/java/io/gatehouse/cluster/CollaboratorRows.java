package io.gatehouse.cluster;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code container_collaborators}. */
@Singleton
final class CollaboratorRows {

    private static final Listing<Collaborator> LISTING = Listing
            .of("select u.username, cc.created_at from container_collaborators cc join users u using (uid_number)", (row, context) ->
                    new Collaborator(row.getString("username"), row.getObject("created_at", OffsetDateTime.class).toInstant()))
            .key("u.username", Type.TEXT, Collaborator::username)
            .sort("username", "u.username", Type.TEXT, Collaborator::username)
            .sort("createdAt", "cc.created_at", Type.TIME, Collaborator::createdAt)
            .search("u.username");

    Page<Collaborator> list(Handle handle, ListRequest request, int container) {
        return LISTING.page(handle, request, new Conditions().equal("cc.container_id", container));
    }

    boolean contains(Handle handle, int container, String username) {
        return handle.createQuery("""
                        select exists (select from container_collaborators join users using (uid_number)
                                       where container_id = :container and username = :username)""")
                .bind("container", container).bind("username", username).mapTo(boolean.class).one();
    }

    /** The uid number of a user, who stays until the transaction ends. */
    Optional<Integer> user(Handle handle, String username) {
        return handle.createQuery("select uid_number from users where username = :username for key share")
                .bind("username", username).mapTo(Integer.class).findOne();
    }

    /** @return whether that is new */
    boolean add(Handle handle, int container, int uidNumber) {
        return handle.execute("insert into container_collaborators (container_id, uid_number) values (?, ?) on conflict do nothing", container, uidNumber) > 0;
    }

    /** @return whether the user was one */
    boolean remove(Handle handle, int container, String username) {
        return handle.execute("""
                delete from container_collaborators where container_id = ? and uid_number = (select uid_number from users where username = ?)""",
                container, username) > 0;
    }
}

package io.gatehouse;

import io.gatehouse.audit.Actor;
import io.gatehouse.cluster.Containers;
import io.gatehouse.cluster.ExternalDomains;
import io.gatehouse.cluster.NewContainer;
import io.gatehouse.cluster.NewExternalDomain;
import io.gatehouse.cluster.NewNode;
import io.gatehouse.cluster.NewService;
import io.gatehouse.cluster.NewSite;
import io.gatehouse.cluster.Node;
import io.gatehouse.cluster.Nodes;
import io.gatehouse.cluster.Services;
import io.gatehouse.cluster.Site;
import io.gatehouse.cluster.Sites;
import io.gatehouse.identity.Group;
import io.gatehouse.identity.Groups;
import io.gatehouse.identity.NewGroup;
import io.gatehouse.identity.NewUser;
import io.gatehouse.identity.UserFilter;
import io.gatehouse.identity.Users;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.ListRequest;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * A small cluster to look around in, for {@code --demo} only: everybody in it has the same, published password. The private
 * halves of the SSH keys do not exist any more.
 */
@Singleton
public final class Demo {

    /** The password of everybody in the demo. */
    public static final String PASSWORD = "take-the-tour-2026";
    /** Who administers the demo, unless there are users already. */
    public static final String ADMINISTRATOR = "ada";

    /** May do things in the name of all. */
    private static final Caller EVERYBODY = new Caller(Actor.SYSTEM_NAME, true);

    private final Users users;
    private final Groups groups;
    private final Sites sites;
    private final Nodes nodes;
    private final ExternalDomains domains;
    private final Containers containers;
    private final Services services;

    Demo(Users users, Groups groups, Sites sites, Nodes nodes, ExternalDomains domains, Containers containers, Services services) {
        this.users = users;
        this.groups = groups;
        this.sites = sites;
        this.nodes = nodes;
        this.domains = domains;
        this.containers = containers;
        this.services = services;
    }

    /** Creates what is missing; what is there already stays as it is. */
    public void load() {
        group("devs", "Writes the software");
        group("ops", "Keeps it running");
        // A published password must not open an installation that has an administrator of its own.
        boolean fresh = users.list(ListRequest.first(1), UserFilter.NONE).items().isEmpty();
        user(ADMINISTRATOR, "Ada", "Lovelace", "active", fresh ? List.of(Group.SYSADMINS, "ops") : List.of("ops"),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDP5bjtaqZcvvuuXcJwHy4O5nOBhfTgNhyqteUfS+Vsg ada@laptop");
        user("grace", "Grace", "Hopper", "active", List.of("devs", "ops"),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAUF6YPA6NMIMQQ4Osb+CZDM6itQf0ZkV75SBqIJgVOO grace@laptop");
        user("linus", "Linus", "Torvalds", "active", List.of("devs"),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEuZFQTbrsWJVVhVpddtNpxMsAK6k0J0lZJMDU9guj+p linus@laptop");
        user("margaret", "Margaret", "Hamilton", "active", List.of("devs"),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMwn9wB4q83rgI6wK8ZKB9nCkoqe5BhzbJS+NizFoa7X margaret@laptop");
        user("dennis", "Dennis", "Ritchie", "pending", List.of(),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBtGKdj4WnNUlK+5Q4LSF3bZ9YiYMaRmqXtB/pGBJxQf dennis@laptop");
        user("barbara", "Barbara", "Liskov", "active", List.of("ops"),
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEnor3dZeKDz5FCNiXpKfcRksVYtH8N6oHIV3X0bWLqF barbara@laptop");
        sites.ensure(new NewSite("berlin", "berlin.cluster.internal", "10.20.0.100-10.20.0.250", "255.255.255.0", "10.20.0.1",
                "9.9.9.9,149.112.112.112", "203.0.113.10"), Actor.SYSTEM);
        if (nodes.list(ListRequest.first(1), null, null).items().isEmpty() && domains.list(ListRequest.first(1), null, null).items().isEmpty()) {
            run(sites.list(ListRequest.first(1), "berlin").items().getFirst());
        }
    }

    /** Two containers with what they offer. */
    private void run(Site site) {
        var node = nodes.createIn(site.id(), new NewNode(null, "pve1", "10.20.0.11", null, null, null, null, null, null), Actor.SYSTEM);
        var domain = domains.create(new NewExternalDomain("berlin.example.org", null, null, null, null, null, site.id()), Actor.SYSTEM);
        services.create(container("web1", "grace", node), new NewService("http", 8080, "app", domain.id(), null, null, null, null, null, null),
                EVERYBODY, Actor.SYSTEM);
        services.create(container("db1", "linus", node), new NewService("transport", 5432, null, null, null, "tcp", null, null, null, null),
                EVERYBODY, Actor.SYSTEM);
    }

    /** @return its id */
    private int container(String hostname, String owner, Node node) {
        return containers.create(new NewContainer(hostname, owner, "running", "debian-13", null, node.id(), null, null, null, null, null),
                EVERYBODY, Actor.SYSTEM).id();
    }

    private void group(String cn, String description) {
        if (groups.find(cn).isEmpty()) {
            groups.create(new NewGroup(cn, description, false, null), Actor.SYSTEM);
        }
    }

    private void user(String username, String givenName, String sn, String status, List<String> memberOf, String key) {
        if (users.find(username).isEmpty()) {
            users.create(new NewUser(username, givenName, sn, null, username + "@example.org", null, null, null, PASSWORD, null, null,
                    List.of(key), status, memberOf), Actor.SYSTEM);
        }
    }
}

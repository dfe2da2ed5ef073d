package io.gatehouse.bench;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import io.gatehouse.bench.Contender.Login;
import io.gatehouse.bench.Contender.Product;
import io.gatehouse.slapd.EntryExport;
import io.gatehouse.slapd.SlapdServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Starts the servers with their entries, and stops them. */
final class Arena implements AutoCloseable {

    static final UserPassword USER_PASSWORD = UserPassword.hashed("Bench-User-19456");

    private static final Map<String, String> FORGETTING = Map.of("GATEHOUSE_BIND_CACHE", "0");
    /** Of each Gatehouse, until the one that stays. The median counts. */
    private static final int STARTS = 3;
    private static final Path SCHEMA = Path.of("ldap-schema");
    private static final Set<String> USERS_WITH_PASSWORD = IntStream.range(0, Population.WITH_PASSWORD)
            .mapToObj(Population::username).collect(Collectors.toUnmodifiableSet());

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<Contender, Duration> contenders = new LinkedHashMap<>();
    private final Map<Population, GatehouseProcess> gatehouses = new HashMap<>();
    private final Path folder;
    private final BenchDatabase database;

    private Arena() throws IOException {
        folder = Files.createTempDirectory("gatehouse-bench");
        open.push(this::deleteFolder);
        database = BenchDatabase.start();
        open.push(database);
    }

    /**
     * Starts everything.
     *
     * @throws LDAPException if a server does not show its entries
     */
    static Arena set(BenchOptions options) throws LDAPException, IOException {
        var arena = new Arena();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(arena::close));
        try {
            for (var population : options.populations()) {
                var gatehouse = arena.addGatehouse(population);
                if (options.slapd()) {
                    arena.addSlapd(gatehouse);
                }
            }
            return arena;
        } catch (LDAPException | IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The servers, each with the time from its start to its first answer; null where that was not measured. */
    Map<Contender, Duration> contenders() {
        return contenders;
    }

    /** The servers that take part in a scenario. */
    Collection<Contender> contenders(Scenario scenario) throws IOException {
        var all = new ArrayList<Contender>();
        for (var contender : contenders.keySet()) {
            all.add(scenario.isRemembering() && contender.product() == Product.GATEHOUSE ? remembering(contender) : contender);
        }
        return all;
    }

    /** Another node on the same database, with the default settings. */
    private Contender remembering(Contender forgetting) throws IOException {
        var population = forgetting.population();
        var data = Files.createDirectory(folder.resolve("remembering-" + population.users()));
        var node = GatehouseProcess.start(data, database.url(population), database.username(),
                Map.of("GATEHOUSE_MASTER_KEY_FILE", folder.resolve("gatehouse-" + population.users()).resolve("master.key").toString()));
        open.push(node);
        return new Contender(Product.GATEHOUSE, population, node.ldapPort(), node.ldapsPort(), node.pid(), forgetting.reader());
    }

    /** Adds rows beneath servers that run. */
    void fill(Population population, Stream<String> statements) {
        database.fill(population, statements);
    }

    GatehouseProcess gatehouse(Population population) {
        return gatehouses.get(population);
    }

    /** Lets the server make its tables first, then fills them and starts it again. */
    private Contender addGatehouse(Population population) throws LDAPException, IOException {
        var data = Files.createDirectory(folder.resolve("gatehouse-" + population.users()));
        var url = database.create(population);
        Login reader;
        try (var fresh = GatehouseProcess.start(data, url, database.username(), FORGETTING)) {
            reader = fresh.reader("bench");
        }
        Bench.progress("filling the database with %,d users", population.users());
        database.fill(population, population.sql(USER_PASSWORD.phc()));
        GatehouseProcess server = null;
        var starts = new ArrayList<Duration>();
        while (starts.size() < STARTS) {
            if (server != null) {
                server.close();
            }
            server = GatehouseProcess.start(data, url, database.username(), FORGETTING);
            starts.add(server.servingAfter(reader, Population.username(population.users() - 1)));
        }
        open.push(server);
        gatehouses.put(population, server);
        starts.sort(Comparator.naturalOrder());
        var serving = starts.get(STARTS / 2);
        var contender = new Contender(Product.GATEHOUSE, population, server.ldapPort(), server.ldapsPort(), server.pid(), reader);
        contenders.put(contender, serving);
        Bench.progress("%s serves %.1f s after its start", contender, serving.toMillis() / 1e3);
        return contender;
    }

    private void addSlapd(Contender gatehouse) throws LDAPException, IOException {
        var ldif = folder.resolve("entries.ldif");
        int entries;
        var reader = gatehouse.reader();
        try (var connection = new LDAPConnection("127.0.0.1", gatehouse.ldapPort(), reader.dn(), reader.password())) {
            entries = EntryExport.write(connection, Contender.BASE, ldif, Arena::asStoredBySlapd);
        }
        var readerPassword = UserPassword.hashed("Bench-Reader-19456");
        var server = SlapdServer.start(SCHEMA, Contender.BASE, ldif, readerPassword.slapdValue());
        open.push(server);
        Files.delete(ldif);
        var contender = new Contender(Product.SLAPD, gatehouse.population(), server.ldapPort(), server.ldapsPort(), server.pid(),
                new Login(SlapdServer.READER_DN, readerPassword.text()));
        contenders.put(contender, null);
        Bench.progress("%s has the same %,d entries", contender, entries);
    }

    /** With the passwords, which Gatehouse shows nobody, and without what it derives: slapd need not store or read that. */
    private static void asStoredBySlapd(Entry entry) {
        entry.removeAttribute("memberOf");
        if (entry.hasAttribute("uid") && USERS_WITH_PASSWORD.contains(entry.getAttributeValue("uid"))) {
            entry.setAttribute("userPassword", USER_PASSWORD.slapdValue());
        }
    }

    private void deleteFolder() throws IOException {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Again is harmless: an interrupted bench closes from the hook that runs at the JVM's end. */
    @Override
    public synchronized void close() {
        RuntimeException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = new IllegalStateException("The bench does not clean up: " + e.getMessage(), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

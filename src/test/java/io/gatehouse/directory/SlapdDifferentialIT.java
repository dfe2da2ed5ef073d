package io.gatehouse.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFException;
import io.gatehouse.platform.Transactions;
import io.gatehouse.slapd.EntryExport;
import io.gatehouse.slapd.FilterGenerator;
import io.gatehouse.slapd.KnownDifference;
import io.gatehouse.slapd.SlapdServer;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gatehouse finds what OpenLDAP's slapd finds, loaded with the same entries, whatever the filter. */
class SlapdDifferentialIT {

    private static final int FILTERS = Integer.getInteger("gatehouse.test.filters", 2_000);
    /** Another number makes other filters. */
    private static final long SEED = Long.getLong("gatehouse.test.seed", 4517);
    private static final int SHOWN = 40;
    /** Its escapes are in every name that is compared. */
    private static final String BASE = "ou=Cluster\\, West \\22one\\22,o=Ex \\+ ample";
    private static final String READER_PASSWORD = "reader";
    private static final List<SearchScope> SCOPES = List.of(SearchScope.BASE, SearchScope.ONE, SearchScope.SUB);

    @TempDir
    private static Path folder;

    private static GatehouseServer gatehouse;
    private static SlapdServer slapd;
    private static Path ldif;
    private static LDAPConnection ours;
    private static LDAPConnection theirs;

    private final Map<KnownDifference, Integer> known = new EnumMap<>(KnownDifference.class);
    private int searches;
    private int fruitful;

    @BeforeAll
    static void startBoth() throws LDAPException {
        requireSlapd();
        gatehouse = GatehouseServer.with("gatehouse.ldap.base-dn", BASE).start();
        gatehouse.bean(Transactions.class).write(handle -> {
            DifferentialPopulation.SQL.forEach(handle::execute);
            return null;
        });
        ours = gatehouse.ldapAsAdministrator();
        ldif = folder.resolve("entries.ldif");
        EntryExport.write(ours, BASE, ldif, SlapdDifferentialIT::withPassword);
        slapd = SlapdServer.start(Path.of("ldap-schema"), BASE, ldif, READER_PASSWORD);
        theirs = new LDAPConnection("127.0.0.1", slapd.ldapPort(), SlapdServer.READER_DN, READER_PASSWORD);
    }

    private static void requireSlapd() {
        var missing = SlapdServer.missingPackages();
        var message = "Gatehouse is not compared with slapd: Debian's packages " + String.join(", ", missing) + " are not installed";
        if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail(message);
        }
        assumeTrue(missing.isEmpty(), message);
    }

    /** Gatehouse has passwords and shows them to nobody; at slapd an access rule hides them. */
    private static void withPassword(Entry entry) {
        if (entry.hasObjectClass("person")) {
            entry.setAttribute("userPassword", "secret");
        }
    }

    @AfterAll
    static void stopBoth() {
        if (theirs != null) {
            theirs.close();
        }
        if (slapd != null) {
            slapd.close();
        }
        if (ours != null) {
            ours.close();
        }
        if (gatehouse != null) {
            gatehouse.close();
        }
    }

    @Test
    void everyFilterFindsTheSameEntries() throws IOException, LDIFException, LDAPException {
        var generator = new FilterGenerator(SEED, ldif);
        var disagreements = new LinkedHashSet<String>();
        for (int i = 0; i < FILTERS; i++) {
            disagreementOn(generator.next()).ifPresent(disagreements::add);
        }
        System.out.printf("%d filters (seed %d), %d searches of each server, %d of them with results; known differences: %s%n",
                FILTERS, SEED, searches, fruitful, known);
        assertThat(disagreements.stream().limit(SHOWN)).as("%d disagreements, the first of them", disagreements.size()).isEmpty();
        assertThat(fruitful).as("searches that find something").isGreaterThan(FILTERS);
    }

    /** Tells of the first disagreement about a filter, by the smallest part of it that shows one. */
    private Optional<String> disagreementOn(Filter filter) throws LDAPException {
        for (var base : bases()) {
            for (var scope : SCOPES) {
                searches++;
                var disagreement = disagreementOn(filter, base, scope);
                if (disagreement.isPresent()) {
                    for (var part : partsOf(filter)) {
                        var smaller = disagreementOn(part);
                        if (smaller.isPresent()) {
                            return smaller;
                        }
                    }
                    return disagreement;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Filter> partsOf(Filter filter) {
        return switch (filter.getFilterType()) {
            case Filter.FILTER_TYPE_AND, Filter.FILTER_TYPE_OR ->
                    Stream.of(filter.getComponents()).flatMap(part -> Stream.of(part, Filter.createNOTFilter(part))).toList();
            case Filter.FILTER_TYPE_NOT -> {
                var denied = filter.getNOTComponent();
                yield Stream.concat(Stream.of(denied), partsOf(denied).stream().map(Filter::createNOTFilter)).toList();
            }
            default -> List.of();
        };
    }

    private static List<String> bases() {
        return List.of(BASE, "ou=people," + BASE, "OU = Groups , " + BASE, "uid=alice,ou=people," + BASE, "cn=devs,ou=groups," + BASE,
                "ou=nowhere," + BASE);
    }

    private Optional<String> disagreementOn(Filter filter, String base, SearchScope scope) throws LDAPException {
        var found = search(ours, base, scope, filter);
        var expected = search(theirs, base, scope, filter);
        fruitful += expected.names().isEmpty() ? 0 : 1;
        if (found.equals(expected)) {
            return Optional.empty();
        }
        var differences = EnumSet.noneOf(KnownDifference.class);
        var explained = KnownDifference.explain(filter, differences);
        if (!differences.isEmpty() && found.equals(search(theirs, base, scope, explained))) {
            differences.forEach(difference -> known.merge(difference, 1, Integer::sum));
            return Optional.empty();
        }
        return Optional.of("%n%s%n  base %s, scope %s%n  only Gatehouse: %s%n  only slapd: %s".formatted(filter, base, scope,
                found.without(expected), expected.without(found)));
    }

    private record Found(ResultCode code, TreeSet<DN> names) {

        String without(Found other) {
            var difference = new TreeSet<>(names);
            difference.removeAll(other.names);
            return (code.equals(other.code) ? "" : code + " ") + difference;
        }
    }

    private static Found search(LDAPConnection connection, String base, SearchScope scope, Filter filter) throws LDAPException {
        var names = new TreeSet<DN>();
        try {
            var result = connection.search(new SearchRequest(base, scope, filter, SearchRequest.NO_ATTRIBUTES));
            for (var entry : result.getSearchEntries()) {
                names.add(entry.getParsedDN());
            }
            return new Found(result.getResultCode(), names);
        } catch (LDAPSearchException e) {
            if (e.getResultCode().isConnectionUsable()) {
                return new Found(e.getResultCode(), names);
            }
            throw e;
        }
    }
}

package io.gatehouse.slapd;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchResultListener;
import com.unboundid.ldap.sdk.SearchResultReference;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldif.LDIFWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Copies what a connection may read into an LDIF file that slapadd(8) takes. */
public final class EntryExport {

    /** slapd computes these for each answer and stores none of them. */
    private static final List<String> COMPUTED = List.of("entryDN", "subschemaSubentry", "hasSubordinates");

    private final LDAPConnection source;
    private final LDIFWriter target;
    private final Consumer<Entry> change;
    private int written;

    private EntryExport(LDAPConnection source, LDIFWriter target, Consumer<Entry> change) {
        this.source = source;
        this.target = target;
        this.change = change;
    }

    /**
     * Writes parents before their children.
     *
     * @param change what shall be different in the copy
     * @return the number of entries
     * @throws LDAPException if the tree cannot be read whole
     */
    public static int write(LDAPConnection source, String base, Path ldif, Consumer<Entry> change) throws LDAPException {
        try (var target = new LDIFWriter(ldif.toFile())) {
            var export = new EntryExport(source, target, change);
            export.search(base, SearchScope.BASE);
            return export.written;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void search(String base, SearchScope scope) throws LDAPException {
        var parents = new ArrayList<String>();
        source.search(new SearchRequest(new Sink(parents), base, scope, "(objectClass=*)", "*", "+"));
        for (var parent : parents) {
            search(parent, SearchScope.ONE);
        }
    }

    private final class Sink implements SearchResultListener {

        private static final long serialVersionUID = 1;
        private final transient List<String> parents;

        private Sink(List<String> parents) {
            this.parents = parents;
        }

        @Override
        public void searchEntryReturned(SearchResultEntry found) {
            if (found.hasAttributeValue("hasSubordinates", "TRUE")) {
                parents.add(found.getDN());
            }
            var entry = found.duplicate();
            COMPUTED.forEach(entry::removeAttribute);
            change.accept(entry);
            try {
                target.writeEntry(entry);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            written++;
        }

        @Override
        public void searchReferenceReturned(SearchResultReference reference) {
            throw new IllegalStateException("Unexpected referral: " + reference);
        }
    }
}

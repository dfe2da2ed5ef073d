package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectorySchema;
import io.gatehouse.directory.DirectoryView;
import jakarta.inject.Singleton;
import java.util.List;

/** What the server says of itself before anybody binds (RFC 4512 section 5.1). */
@Singleton
final class RootDse {

    /** All operational attributes (RFC 3673), attributes of a class (RFC 4529), absolute true and false filters (RFC 4526). */
    private static final List<String> FEATURES = List.of("1.3.6.1.4.1.4203.1.5.1", "1.3.6.1.4.1.4203.1.5.2", "1.3.6.1.4.1.4203.1.5.3");

    private final DirectoryLayout layout;

    RootDse(DirectoryLayout layout) {
        this.layout = layout;
    }

    Entry entry(DirectoryView view, boolean plainIsOffered) {
        var entry = new Entry("");
        entry.addAttribute("objectClass", "top");
        entry.addAttribute("namingContexts", layout.base());
        entry.addAttribute("defaultNamingContext", layout.base());
        entry.addAttribute("subschemaSubentry", DirectorySchema.DN);
        entry.addAttribute("supportedLDAPVersion", "3");
        entry.addAttribute(new Attribute("supportedControl", RequestControls.SUPPORTED));
        entry.addAttribute(new Attribute("supportedExtension", ExtendedOperation.SUPPORTED));
        entry.addAttribute(new Attribute("supportedFeatures", FEATURES));
        if (plainIsOffered) {
            entry.addAttribute("supportedSASLMechanisms", "PLAIN");
        }
        entry.addAttribute("vendorName", "Gatehouse");
        var version = RootDse.class.getPackage().getImplementationVersion();
        if (version != null) {
            entry.addAttribute("vendorVersion", version);
        }
        entry.addAttribute("lastUSN", Long.toString(view.snapshot().lastUsn()));
        return entry;
    }
}

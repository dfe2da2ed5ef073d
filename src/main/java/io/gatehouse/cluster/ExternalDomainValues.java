package io.gatehouse.cluster;

import io.gatehouse.platform.WebAddress;
import io.micronaut.core.annotation.Nullable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What an external domain is, each value well-formed. */
record ExternalDomainValues(
        DnsName domain,
        @Nullable String acmeEmail,
        @Nullable WebAddress acmeDirectory,
        @Nullable CloudflareCredentials cloudflare,
        @Nullable WebAddress authServer,
        @Nullable Integer siteId) {

    private static final int LONGEST_AUTH_SERVER = 1024;

    /** @throws io.gatehouse.platform.Problem if a value breaks a rule */
    static ExternalDomainValues of(NewExternalDomain wish) {
        return new ExternalDomainValues(
                DnsName.parsePublic("domain", Text.required("domain", wish.domain())),
                wish.acmeEmail() == null ? null : Text.mail("acmeEmail", wish.acmeEmail()),
                wish.acmeDirectory() == null ? null : WebAddress.parseHttps("acmeDirectory", wish.acmeDirectory()),
                CloudflareCredentials.of(wish.cloudflareApiEmail(), wish.cloudflareApiKey()),
                wish.authServer() == null ? null : authServer(wish.authServer()),
                wish.siteId());
    }

    /** A dollar sign has no place in nginx's configuration. */
    private static WebAddress authServer(String text) {
        var address = WebAddress.parse("authServer", text);
        if (text.length() > LONGEST_AUTH_SERVER || text.indexOf('$') >= 0) {
            throw LayoutRule.EXTERNAL_DOMAIN_AUTH_SERVER_FORM.broken(text);
        }
        return address;
    }

    /** As the API shows them; nothing of the credentials. */
    Map<String, Object> shown() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("domain", domain.text());
        shown.put("acmeEmail", acmeEmail);
        shown.put("acmeDirectory", Objects.toString(acmeDirectory, null));
        shown.put("authServer", Objects.toString(authServer, null));
        shown.put("siteId", siteId);
        return shown;
    }
}

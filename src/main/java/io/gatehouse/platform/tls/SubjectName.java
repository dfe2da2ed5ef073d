package io.gatehouse.platform.tls;

import java.net.IDN;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * A name of a server in its certificate (subjectAltName, RFC 5280 section 4.2.1.6).
 *
 * @param type  {@link GeneralName#dNSName} or {@link GeneralName#iPAddress}
 * @param value DNS name in lower case and ASCII, or address as {@link InetAddress#getHostAddress} writes it
 */
record SubjectName(int type, String value) {

    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern DNS_NAME = Pattern.compile("(?:\\*\\.)?" + LABEL + "(?:\\." + LABEL + ")*");
    private static final int LONGEST_DNS_NAME = 253;
    private static final Pattern ADDRESS = Pattern.compile("\\d+(?:\\.\\d+){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    /** @throws IllegalArgumentException if it is neither a DNS name, a wildcard included, nor an address */
    static SubjectName of(String text) {
        if (ADDRESS.matcher(text).matches()) {
            return new SubjectName(GeneralName.iPAddress, InetAddress.ofLiteral(text).getHostAddress());
        }
        var name = IDN.toASCII(text.endsWith(".") ? text.substring(0, text.length() - 1) : text).toLowerCase(Locale.ROOT);
        if (name.length() > LONGEST_DNS_NAME || !DNS_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(text + " is neither a DNS name nor an address");
        }
        return new SubjectName(GeneralName.dNSName, name);
    }

    static Set<SubjectName> of(X509Certificate certificate) {
        try {
            return Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.<List<?>>of()).stream()
                    .filter(name -> name.get(0).equals(GeneralName.dNSName) || name.get(0).equals(GeneralName.iPAddress))
                    .map(name -> of((String) name.get(1)))
                    .collect(Collectors.toSet());
        } catch (CertificateParsingException | IllegalArgumentException e) {
            return Set.of();
        }
    }

    GeneralName toGeneralName() {
        return new GeneralName(type, value);
    }

    @Override
    public String toString() {
        return value;
    }
}

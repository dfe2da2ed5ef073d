package io.gatehouse.platform.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Trusts the given CA and no other, and wants the name it connects to in the certificate. */
record TlsClient(String caCertificatePem) {

    /** @return the certificate that the server showed */
    X509Certificate connect(TlsServer server, String name, String... versions) throws Exception {
        try (var plain = new Socket(server.address(), server.port());
             var socket = (SSLSocket) context().getSocketFactory().createSocket(plain, name, server.port(), true)) {
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("LDAPS");
            if (versions.length > 0) {
                parameters.setProtocols(versions);
            }
            socket.setSSLParameters(parameters);
            if (socket.getInputStream().read() != 0) {
                throw new IOException("no greeting");
            }
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    private SSLContext context() throws GeneralSecurityException, IOException, UnusableMaterial {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        var aliases = new ArrayList<String>();
        for (var certificate : Pem.certificates(caCertificatePem)) {
            aliases.add("ca" + aliases.size());
            store.setCertificateEntry(aliases.getLast(), certificate);
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}

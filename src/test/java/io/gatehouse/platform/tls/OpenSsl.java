package io.gatehouse.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The openssl command: CAs as operators make them, and a second opinion on certificates. */
final class OpenSsl {

    private final Path folder;

    OpenSsl(Path folder) {
        this.folder = folder;
    }

    /** @return an RSA root */
    CertificateAuthority authority(String subject, int days) throws Exception {
        run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-days", Integer.toString(days),
                "-keyout", "root.key", "-out", "root.pem", "-addext", "keyUsage=critical,keyCertSign,cRLSign");
        return new CertificateAuthority(Pem.privateKey(text("root.key")), Pem.certificates(text("root.pem")));
    }

    /** @return a CA of an EC P-384 key below an RSA root */
    CertificateAuthority intermediateAuthority() throws Exception {
        authority("/CN=Root", 3000);
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-subj", "/O=Example/CN=Machines",
                "-keyout", "machines.key", "-out", "machines.csr",
                "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=critical,keyCertSign,cRLSign");
        run("x509", "-req", "-in", "machines.csr", "-copy_extensions", "copyall", "-days", "2000",
                "-CA", "root.pem", "-CAkey", "root.key", "-out", "machines.pem");
        return new CertificateAuthority(Pem.privateKey(text("machines.key")),
                Pem.certificates(text("machines.pem") + text("root.pem")));
    }

    /** Verifies strictly, for a server, with the first certificate of the chain for each of the names. */
    void verify(Path ca, Path chain, List<String> hosts, List<String> addresses) throws Exception {
        var checks = new ArrayList<List<String>>();
        hosts.forEach(host -> checks.add(List.of("-verify_hostname", host)));
        addresses.forEach(address -> checks.add(List.of("-verify_ip", address)));
        for (var check : checks) {
            run(Stream.of(
                    List.of("verify", "-x509_strict", "-purpose", "sslserver", "-no-CApath", "-no-CAstore", "-CAfile", ca.toString(),
                            "-untrusted", chain.toString()),
                    check,
                    List.of(chain.toString())).flatMap(List::stream).toArray(String[]::new));
        }
    }

    String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    void run(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        var process = start(command);
        var output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s%n%s", command, output).isZero();
    }

    private Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
        } catch (IOException e) {
            var missing = "The command openssl is needed (Debian package openssl): " + e.getMessage();
            return "true".equals(System.getenv("CI")) ? fail(missing) : abort(missing);
        }
    }
}

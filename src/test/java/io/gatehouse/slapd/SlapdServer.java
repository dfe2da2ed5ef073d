package io.gatehouse.slapd;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * OpenLDAP's slapd as Debian's packages install it, in a process and a temporary folder of its own, on random loopback ports,
 * serving entries from an mdb database.
 */
public final class SlapdServer implements AutoCloseable {

    /** Who may read everything but passwords. Its entry lives outside the served tree, which stays as it was exported. */
    public static final String READER_DN = "cn=reader,cn=fixture";

    private static final Path SLAPD = Path.of("/usr/sbin/slapd");
    private static final Path SLAPADD = Path.of("/usr/sbin/slapadd");
    private static final Path SLAPTEST = Path.of("/usr/sbin/slaptest");
    private static final Path MODULES = Path.of("/usr/lib/ldap");
    private static final long POLL_NANOS = 5_000_000;
    private static final String READY = "slapd starting";
    /** What Gatehouse finds without looking at every entry, slapd finds that way, too. Presence indexes only slow it down. */
    private static final String INDEX =
            "index objectClass,uid,uidNumber,gidNumber,cn,sn,givenName,mail,memberUid,member,memberOf,entryUUID eq";

    private final Path folder;
    private final Process process;
    private final int ldapPort;
    private final int ldapsPort;

    private SlapdServer(Path folder, Process process, int ldapPort, int ldapsPort) {
        this.folder = folder;
        this.process = process;
        this.ldapPort = ldapPort;
        this.ldapsPort = ldapsPort;
    }

    /** The Debian packages that {@link #start} needs and that are not installed here. */
    public static List<String> missingPackages() {
        var missing = new ArrayList<String>();
        if (!Files.isExecutable(SLAPD)) {
            missing.add("slapd");
        }
        if (!Files.exists(MODULES.resolve("argon2.la"))) {
            missing.add("slapd-contrib");
        }
        return missing;
    }

    /**
     * @param schemaFolder   the LDIF files of the schema that the entries follow
     * @param suffix         DN of the topmost entry
     * @param entries        LDIF with the parents first
     * @param readerPassword of {@link #READER_DN}, as it is or hashed with its scheme in braces
     */
    public static SlapdServer start(Path schemaFolder, String suffix, Path entries, String readerPassword) {
        try {
            var folder = Files.createTempDirectory("slapd");
            try {
                return start(folder, SlapdSchema.read(schemaFolder), suffix, entries, readerPassword);
            } catch (IOException | LDAPException | LDIFException | RuntimeException e) {
                delete(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LDAPException | LDIFException e) {
            throw new IllegalStateException("slapd: " + e.getMessage(), e);
        }
    }

    private static SlapdServer start(Path folder, SlapdSchema schema, String suffix, Path entries,
                                     String readerPassword) throws IOException, LDAPException, LDIFException {
        Files.createDirectory(folder.resolve("data"));
        Files.createDirectory(folder.resolve("reader"));
        ServerCertificate.writeTo(folder);
        var definitions = schema.configuration(builtInSchema(folder));
        var loading = Files.write(folder.resolve("load.conf"), configuration(folder, suffix, definitions, readerPassword, "dbnosync"));
        // No schema check (-s): what is operational at Gatehouse became an ordinary attribute that no object class allows.
        run("slapadd refused the entries", SLAPADD, "-q", "-s", "-f", loading.toString(), "-l", entries.toString());
        var serving = Files.write(folder.resolve("slapd.conf"), configuration(folder, suffix, definitions, readerPassword));
        return launch(folder, serving);
    }

    /**
     * From slapd's configuration rewritten as entries: its subschema keeps some of its definitions to itself.
     *
     * @return OIDs of attribute types and object classes
     */
    private static Set<String> builtInSchema(Path folder) throws IOException, LDIFException {
        var bare = Files.write(folder.resolve("bare.conf"), modules());
        var rewritten = Files.createDirectory(folder.resolve("bare"));
        run("slaptest found no configuration", SLAPTEST, "-f", bare.toString(), "-F", rewritten.toString());
        var oids = new HashSet<String>();
        try (var reader = new LDIFReader(rewritten.resolve("cn=config/cn=schema.ldif").toFile())) {
            var schema = reader.readEntry();
            for (var attribute : List.of("olcAttributeTypes", "olcObjectClasses")) {
                for (var definition : schema.getAttributeValues(attribute)) {
                    oids.add(definition.split(" ", 3)[1]);
                }
            }
        }
        return oids;
    }

    private static List<String> modules() {
        return List.of("modulepath " + MODULES, "moduleload back_mdb", "moduleload memberof", "moduleload argon2");
    }

    private static List<String> configuration(Path folder, String suffix, List<String> definitions, String readerPassword,
                                              String... tuning) {
        var lines = new ArrayList<>(modules());
        lines.addAll(definitions);
        lines.addAll(List.of(
                "TLSCertificateFile " + folder.resolve(ServerCertificate.CERTIFICATE),
                "TLSCertificateKeyFile " + folder.resolve(ServerCertificate.KEY),
                "sizelimit unlimited",
                "timelimit unlimited",
                "database mdb",
                "suffix " + quoted(suffix),
                "rootdn \"cn=loader,cn=fixture\"",
                "directory " + folder.resolve("data"),
                "maxsize " + (4L << 30),
                "access to attrs=userPassword by * auth",
                "access to * by dn.exact=\"" + READER_DN + "\" read by * none",
                INDEX));
        lines.addAll(List.of(tuning));
        lines.addAll(List.of(
                "database ldif",
                "suffix \"cn=fixture\"",
                "directory " + folder.resolve("reader"),
                "rootdn \"" + READER_DN + "\"",
                "rootpw " + readerPassword));
        return lines;
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void run(String failure, Path program, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (awaitExit(process) != 0) {
            throw new IllegalStateException(failure + ":\n" + output);
        }
    }

    private static SlapdServer launch(Path folder, Path configuration) throws IOException {
        var ldapPort = freePort();
        var ldapsPort = freePort();
        var urls = "ldap://127.0.0.1:" + ldapPort + " ldaps://127.0.0.1:" + ldapsPort;
        // Level "none" says when the server is ready and nothing of its operations.
        var process = new ProcessBuilder(SLAPD.toString(), "-d", "none", "-f", configuration.toString(), "-h", urls)
                .redirectErrorStream(true).start();
        awaitStarting(process);
        awaitListening(process, ldapPort);
        return new SlapdServer(folder, process, ldapPort, ldapsPort);
    }

    private static void awaitStarting(Process process) throws IOException {
        var said = new StringBuilder();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream()));
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(READY)) {
                Thread.ofVirtual().start(() -> discard(output));
                return;
            }
            said.append(line).append('\n');
        }
        throw new IllegalStateException("slapd did not start:\n" + said);
    }

    /** Its word comes a moment before it listens, and nothing tells when it does. */
    private static void awaitListening(Process process, int port) {
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException refused) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("slapd ended instead of listening on port " + port, refused);
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
    }

    private static void discard(BufferedReader output) {
        try (output) {
            output.transferTo(Writer.nullWriter());
        } catch (IOException stopped) {
            // The pipe closes under the reader when the process ends.
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public int ldapPort() {
        return ldapPort;
    }

    public int ldapsPort() {
        return ldapsPort;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        stop();
        delete(folder);
    }

    private void stop() {
        process.destroy();
        awaitExit(process);
    }

    private static int awaitExit(Process process) {
        try {
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException(process.info().command().orElse("A process") + " does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for slapd", e);
        }
    }

    private static void delete(Path folder) {
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

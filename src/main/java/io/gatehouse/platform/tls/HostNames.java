package io.gatehouse.platform.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.GeneralName;

/** The DNS names under which this host knows itself, as far as they are found in time: a resolver may take minutes to give up. */
final class HostNames {

    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private final Lookup lookup;
    private final Duration patience;

    HostNames() {
        this(HostNames::lookUp, Duration.ofSeconds(2));
    }

    HostNames(Lookup lookup, Duration patience) {
        this.lookup = lookup;
        this.patience = patience;
    }

    Set<SubjectName> find() {
        var found = new ConcurrentLinkedQueue<String>();
        var search = Thread.ofPlatform().daemon().name("host-names").start(() -> {
            try {
                lookup.names(found::add);
            } catch (IOException e) {
                // a host without an entry in DNS has the names found so far
            }
        });
        try {
            search.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var names = new LinkedHashSet<SubjectName>();
        for (var text : found) {
            try {
                var name = SubjectName.of(text);
                if (name.type() == GeneralName.dNSName) {
                    names.add(name);
                }
            } catch (IllegalArgumentException e) {
                // a host may call itself something that no client can use as a name
            }
        }
        return names;
    }

    private static void lookUp(Consumer<String> found) throws IOException {
        if (Files.isReadable(KERNEL_HOST_NAME)) {
            found.accept(Files.readString(KERNEL_HOST_NAME).strip());
        }
        var host = InetAddress.getLocalHost();
        found.accept(host.getHostName());
        found.accept(host.getCanonicalHostName());
    }

    interface Lookup {
        void names(Consumer<String> found) throws IOException;
    }
}

package io.gatehouse.gateway;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is told of a site at one moment. Files are rendered when somebody asks first, and once. */
public final class SiteState {

    private static final Set<String> DNSMASQ_PARTS = Set.of("conf", "hosts", "dhcp-hosts", "dhcp-opts", "servers");

    private final SiteSnapshot snapshot;
    private final Representation json;
    private final Supplier<SortedMap<String, String>> files;
    private final Supplier<Representation> bundle;
    private final Supplier<Representation> nginxConf;

    SiteState(SiteSnapshot snapshot, Representation json, Function<SiteSnapshot, SortedMap<String, String>> rendering) {
        this.snapshot = snapshot;
        this.json = json;
        files = new Once<>(() -> rendering.apply(snapshot));
        bundle = new Once<>(() -> Representation.of(TarArchive.of(files.get())));
        nginxConf = new Once<>(() -> Representation.of(SingleFile.nginx(files.get())));
    }

    public SiteSnapshot snapshot() {
        return snapshot;
    }

    /** The snapshot in its canonical form. */
    public Representation json() {
        return json;
    }

    /** All files, as an archive. */
    public Representation bundle() {
        return bundle.get();
    }

    /** The configuration of nginx as one file. */
    public Representation nginxConf() {
        return nginxConf.get();
    }

    /**
     * A file of dnsmasq's.
     *
     * @param part {@code conf}, {@code hosts}, {@code dhcp-hosts}, {@code dhcp-opts}, or {@code servers}
     */
    public Optional<Representation> dnsmasq(String part) {
        return DNSMASQ_PARTS.contains(part)
                ? Optional.of(Representation.of(part.equals("conf") ? SingleFile.dnsmasq(files.get()) : files.get().get("dnsmasq/" + part)))
                : Optional.empty();
    }
}

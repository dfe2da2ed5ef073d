package io.gatehouse.directory;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.function.Function;

/** How large the snapshot is, and how old. */
@Singleton
final class DirectoryMeters implements MeterBinder {

    private static final Map<String, Function<DirectoryLayout, String>> BRANCHES = Map.of(
            "person", DirectoryLayout::people,
            "group", DirectoryLayout::groups,
            "host", DirectoryLayout::hosts,
            "sudo-role", DirectoryLayout::sudoers,
            "service-account", DirectoryLayout::services);

    private final Directory directory;
    private final DirectoryLayout layout;

    DirectoryMeters(Directory directory, DirectoryLayout layout) {
        this.directory = directory;
        this.layout = layout;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        BRANCHES.forEach((kind, branch) -> {
            var dn = Dn.parse(branch.apply(layout), layout.schema());
            Gauge.builder("gatehouse.directory.entries", directory, present -> present.snapshot().childrenOf(dn))
                    .description("Entries in the snapshot").tag("kind", kind).register(registry);
        });
        Gauge.builder("gatehouse.directory.usn", directory, present -> present.snapshot().lastUsn())
                .description("The largest change number in the snapshot; a node that stays behind the others lags").register(registry);
        Gauge.builder("gatehouse.directory.age", directory, present -> present.age().toNanos() / 1e9).baseUnit("seconds")
                .description("Time since the last change was applied").register(registry);
    }
}

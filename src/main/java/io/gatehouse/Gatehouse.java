package io.gatehouse;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.audit.Retention;
import io.gatehouse.identity.Bootstrap;
import io.gatehouse.ldap.LdapServer;
import io.gatehouse.platform.ChangeFeed;
import io.gatehouse.platform.MasterKeyProof;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.observe.Logging;
import io.gatehouse.transfer.ExplainCommand;
import io.gatehouse.transfer.ExportCommand;
import io.gatehouse.transfer.ImportCommand;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: database, directory, LDAP and HTTP, started in that order and stopped in the reverse one. */
public final class Gatehouse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gatehouse.class);
    private static final String VERSION = Optional.ofNullable(Gatehouse.class.getPackage().getImplementationVersion()).orElse("unpacked");
    private static final int MAX_PORT = 65_535;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final ApplicationContext context;
    private final EmbeddedServer http;

    private Gatehouse(ApplicationContext context, EmbeddedServer http) {
        this.context = context;
        this.http = http;
    }

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(AuditCommand.NAME)) {
            System.exit(AuditCommand.run(List.of(args).subList(1, args.length)));
        }
        if (args.length > 0 && args[0].equals(ImportCommand.NAME)) {
            System.exit(ImportCommand.run(List.of(args).subList(1, args.length), System.getenv(), System.out, System.err));
        }
        if (args.length > 0 && args[0].equals(ExportCommand.NAME)) {
            System.exit(ExportCommand.run(List.of(args).subList(1, args.length), System.getenv(), System.out, System.err));
        }
        if (args.length > 0 && args[0].equals(ExplainCommand.NAME)) {
            System.exit(ExplainCommand.run(List.of(args).subList(1, args.length), System.getenv(), System.out, System.err));
        }
        boolean demo = false;
        for (var argument : args) {
            if (!argument.equals("--demo")) {
                fail("Unknown option " + argument + ". Usage: ./gatehouse run [--demo]");
            }
            demo = true;
        }
        var started = new CompletableFuture<Gatehouse>();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(started)));
        try {
            var server = start(Map.of());
            started.complete(server);
            if (demo) {
                server.bean(Demo.class).load();
            }
            System.out.println(server.bean(ReadyMessage.class).text(server.httpPort(), demo));
            new CountDownLatch(1).await();
        } catch (StartupFailure e) {
            started.completeExceptionally(e);
            fail(e.getMessage());
        } catch (RuntimeException e) {
            started.completeExceptionally(e);
            LOG.error("The start failed", e);
            fail("The start failed for a reason that was not foreseen; the log above tells more. Please report it.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Told to stop while it starts, the server starts to the end first: what is half started cannot be stopped cleanly. */
    private static void stop(CompletableFuture<Gatehouse> started) {
        started.orTimeout(START_LIMIT.toSeconds(), TimeUnit.SECONDS).handle((server, failure) -> {
            if (server != null) {
                server.close();
            }
            return null;
        }).join();
    }

    /**
     * @param properties override environment and {@code application.yml}
     * @throws StartupFailure if it cannot start, telling what to do
     */
    public static Gatehouse start(Map<String, Object> properties) {
        var context = ApplicationContext.builder()
                .deduceEnvironment(false)
                .banner(false)
                .properties(properties)
                .build();
        try {
            context.start();
            for (var port : List.of("gatehouse.http.port", "gatehouse.https.port", "gatehouse.ldap.port", "gatehouse.ldaps.port")) {
                requirePort(context, port);
            }
            Settings.check(context);
            context.getBean(Logging.class).configure();
            UnknownVariables.complaints(System.getenv().keySet(), Settings.variables(context)).forEach(LOG::warn);
            context.getBean(MasterKeyProof.class).check();
            context.getBean(ChangeFeed.class).start();
            context.getBean(Retention.class).configure();
            context.getBean(Bootstrap.class).createConfiguredAdministrator();
            context.getBean(LdapServer.class).start();
            var http = startHttp(context);
            context.getBean(AuditLog.class).record(AuditEvent.success(Actor.SYSTEM, "system.started", null).with("version", VERSION));
            return new Gatehouse(context, http);
        } catch (RuntimeException e) {
            context.close();
            throw diagnosed(e);
        }
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public int httpPort() {
        return http.getPort();
    }

    @Override
    public void close() {
        context.getBean(AuditLog.class).record(AuditEvent.success(Actor.SYSTEM, "system.stopped", null).with("version", VERSION));
        context.close();
    }

    /** A value that is no number would give way to the default without a word. */
    private static void requirePort(ApplicationContext context, String property) {
        var text = context.getProperty(property, String.class).orElse("0");
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT) {
            throw new StartupFailure(property.toUpperCase(Locale.ROOT).replace('.', '_') + " '" + text + "' is no port: a number from 0 (any free one) to "
                    + MAX_PORT + " is needed.");
        }
    }

    private static EmbeddedServer startHttp(ApplicationContext context) {
        // Asked before the start: a server that fails to start takes the context with it.
        var ports = context.getProperty("gatehouse.http.port", String.class).orElse("8080")
                + context.getProperty("gatehouse.https.port", String.class).map(port -> " or " + port).orElse("");
        var server = context.getBean(EmbeddedServer.class);
        try {
            return server.start();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof BindException) {
                    throw new StartupFailure("HTTP port " + ports
                            + " cannot be used (" + cause.getMessage() + "). Stop what uses it, or set GATEHOUSE_HTTP_PORT or GATEHOUSE_HTTPS_PORT.", e);
                }
            }
            throw e;
        }
    }

    private static RuntimeException diagnosed(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartupFailure known) {
                return known;
            }
        }
        return failure;
    }

    private static void fail(String message) {
        System.err.println("gatehouse: " + message);
        System.exit(1);
    }
}

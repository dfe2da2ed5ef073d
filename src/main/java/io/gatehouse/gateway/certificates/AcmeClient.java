package io.gatehouse.gateway.certificates;

import io.gatehouse.cluster.CloudflareCredentials;
import io.gatehouse.gateway.dns.ChallengeRecords;
import io.gatehouse.gateway.dns.CloudflareFailure;
import io.gatehouse.platform.Printable;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.tls.PrivateAuthorities;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Dns01Challenge;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has certificates issued by ACME servers (RFC 8555), for a domain and the names below it, by the challenge {@code dns-01}. */
@Singleton
final class AcmeClient {

    private static final Logger LOG = LoggerFactory.getLogger(AcmeClient.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final Duration STEP_LIMIT = Duration.ofMinutes(2);
    private static final int LONGEST_MESSAGE = 500;

    private final HttpClient http;
    private final ChallengeRecords records;
    private final Duration propagation;

    AcmeClient(AcmeConfiguration configuration, ChallengeRecords records) {
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).followRedirects(HttpClient.Redirect.NEVER);
        if (configuration.caFile() != null) {
            builder.sslContext(PrivateAuthorities.context(configuration.caFile(), "GATEHOUSE_ACME_CA_FILE"));
        }
        http = builder.build();
        this.records = records;
        propagation = configuration.orFail().propagation();
    }

    /**
     * With a new key.
     *
     * @param account by which the authority knows us
     * @throws IssuanceFailure if none is issued
     */
    CertifiedKey issue(Renewal renewal, KeyPair account, CloudflareCredentials credentials) throws InterruptedException {
        try {
            var key = KeyPairs.generate();
            var order = login(renewal, account).newOrder().domains(renewal.domain(), "*." + renewal.domain()).create();
            prove(order, renewal.domain(), credentials);
            order.waitUntilReady(STEP_LIMIT);
            order.execute(key);
            if (order.waitForCompletion(STEP_LIMIT) != Status.VALID) {
                throw new IssuanceFailure("The certificate authority did not issue the certificate"
                        + order.getError().map(error -> ": " + text(error.toString())).orElse("."));
            }
            var issued = new CertifiedKey(key.getPrivate(), order.getCertificate().getCertificateChain());
            issued.check(renewal.domain(), Instant.now());
            return issued;
        } catch (IssuanceFailure e) {
            throw e;
        } catch (CloudflareFailure e) {
            throw new IssuanceFailure(e.getMessage(), e.retryAfter());
        } catch (Problem e) {
            throw new IssuanceFailure("What the certificate authority issued will not do: " + e.getMessage());
        } catch (AcmeException e) {
            throw failure(e);
        } catch (AcmeLazyLoadingException e) {
            throw failure((AcmeException) e.getCause());
        } catch (RuntimeException e) {
            LOG.debug("The ACME server {} does not keep to the protocol", renewal.directory(), e);
            throw new IssuanceFailure("What the certificate authority answers is not of ACME (RFC 8555).");
        }
    }

    /** An account that is there already is found by its key. */
    private Login login(Renewal renewal, KeyPair account) throws AcmeException {
        var session = new Session(URI.create(renewal.directory()), new SharedConnections(http));
        session.networkSettings().setTimeout(REQUEST_LIMIT);
        var builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(account);
        if (renewal.email() != null) {
            builder.addEmail(renewal.email());
        }
        return builder.createLogin(session);
    }

    private void prove(Order order, String domain, CloudflareCredentials credentials) throws AcmeException, InterruptedException {
        var open = order.getAuthorizations().stream().filter(authorization -> authorization.getStatus() == Status.PENDING).toList();
        if (open.isEmpty()) {
            return;
        }
        try {
            var challenges = open.stream().map(AcmeClient::challenge).toList();
            records.publish(credentials, domain, challenges.stream().map(Dns01Challenge::getDigest).toList());
            Thread.sleep(propagation);
            for (var challenge : challenges) {
                challenge.trigger();
            }
            for (var authorization : open) {
                if (authorization.waitForCompletion(STEP_LIMIT) != Status.VALID) {
                    throw new IssuanceFailure("The certificate authority does not see whose the domain is" + challenge(authorization).getError()
                            .map(error -> ": " + text(error.toString())).orElse("."));
                }
            }
        } finally {
            forget(domain, credentials);
        }
    }

    private static Dns01Challenge challenge(Authorization authorization) {
        return authorization.findChallenge(Dns01Challenge.class)
                .orElseThrow(() -> new IssuanceFailure("The certificate authority takes no proof by DNS (dns-01)."));
    }

    /** Also of whoever is in a hurry. What stays, the next attempt removes. */
    private void forget(String domain, CloudflareCredentials credentials) {
        boolean interrupted = Thread.interrupted();
        try {
            records.remove(credentials, domain);
        } catch (CloudflareFailure e) {
            LOG.warn("The records of the ACME challenge for {} may stay at Cloudflare for now: {}", domain, e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IssuanceFailure failure(AcmeException failure) {
        return switch (failure) {
            case AcmeRateLimitedException limited -> new IssuanceFailure("The certificate authority's limit is reached: " + text(limited.getProblem().toString()),
                    limited.getRetryAfter().map(end -> Duration.between(Instant.now(), end).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS)).orElse(null));
            case AcmeServerException refusal -> new IssuanceFailure("The certificate authority refused: " + text(refusal.getProblem().toString()));
            case AcmeNetworkException network -> new IssuanceFailure("The certificate authority cannot be reached (" + reason(network.getCause()) + ").");
            default -> new IssuanceFailure("The certificate authority did not do its part (" + reason(failure) + ").");
        };
    }

    private static String reason(Throwable cause) {
        return text(Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName()));
    }

    private static String text(String others) {
        return Printable.text(others, LONGEST_MESSAGE);
    }

    @PreDestroy
    void close() {
        http.shutdownNow();
    }

    /** One client for all, which knows whom to trust. */
    private static final class SharedConnections extends GenericAcmeProvider {

        private final HttpClient http;

        SharedConnections(HttpClient http) {
            this.http = http;
        }

        @Override
        public HttpClient createHttpClient(NetworkSettings settings) {
            return http;
        }
    }
}

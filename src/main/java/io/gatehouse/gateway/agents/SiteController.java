package io.gatehouse.gateway.agents;

import io.gatehouse.gateway.GatewayMeters;
import io.gatehouse.gateway.Representation;
import io.gatehouse.gateway.SiteSnapshot;
import io.gatehouse.gateway.SiteState;
import io.gatehouse.gateway.SiteStates;
import io.gatehouse.identity.SssdConfigurations;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.EntityTags;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.gatehouse.platform.openapi.Tagged;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.Authentication;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a site's gateway needs, for its agents; all of it from memory. */
@Tag(name = "Agents")
@Controller("/api/v1/sites/{siteId}")
@Scope("cluster")
@Secured({Role.ADMINISTRATOR, Role.AGENT})
final class SiteController {

    private static final String TAR = "application/x-tar";
    /** Among codings (RFC 9110 section 12.5.3), and not with a weight of zero. */
    private static final Pattern GZIP = Pattern.compile("(?:^|,)\\s*gzip\\s*(?:,|$|;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$)))", Pattern.CASE_INSENSITIVE);

    private final SiteStates states;
    private final KnownAgentKeys keys;
    private final HeldRequests held;
    private final SssdConfigurations sssd;
    private final GatewayMeters meters;

    SiteController(SiteStates states, KnownAgentKeys keys, HeldRequests held, SssdConfigurations sssd, GatewayMeters meters) {
        this.states = states;
        this.keys = keys;
        this.held = held;
        this.sssd = sssd;
        this.meters = meters;
    }

    /**
     * Tells all that a site's gateway needs. An agent that has this state already (If-None-Match) may wait for another one with
     * Prefer: wait=30; others are answered at once.
     */
    @Get("/snapshot")
    @Tagged(waits = true)
    @Operation(operationId = "getSiteSnapshot")
    @ApiResponse(responseCode = "200", content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = SiteSnapshot.class)))
    CompletionStage<MutableHttpResponse<?>> snapshot(int siteId, Authentication caller, HttpRequest<?> request) {
        return answer(siteId, SiteState::json, MediaType.APPLICATION_JSON_TYPE, caller, request);
    }

    /**
     * The configuration of a site's gateway as a tar archive of text files; waits as the snapshot does. The entity tag is its SHA-256, and a
     * weak one where the archive is compressed on its way (Accept-Encoding: gzip).
     */
    @Get("/bundle")
    @Tagged(waits = true)
    @Operation(operationId = "getSiteBundle")
    @Produces(TAR)
    @ApiResponse(responseCode = "200", content = @Content(mediaType = TAR, schema = @Schema(type = "string", format = "binary")))
    CompletionStage<MutableHttpResponse<?>> bundle(int siteId, Authentication caller, HttpRequest<?> request) {
        return answer(siteId, SiteState::bundle, MediaType.of(TAR), caller, request);
    }

    /** The configuration of nginx as one file, for Debian's nginx and those who place it themselves. */
    @Tagged
    @Get("/nginx.conf")
    @Operation(operationId = "getSiteNginxConfiguration")
    @Produces(MediaType.TEXT_PLAIN)
    @ApiResponse(responseCode = "200", content = @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(type = "string")))
    MutableHttpResponse<?> nginx(int siteId, HttpRequest<?> request) {
        return now(existing(siteId).nginxConf(), MediaType.TEXT_PLAIN_TYPE, request);
    }

    /**
     * A file of dnsmasq's configuration, for those who place it themselves.
     *
     * @param part conf, hosts (for --addn-hosts), dhcp-hosts (--dhcp-hostsfile), dhcp-opts (--dhcp-optsfile), or servers (--servers-file)
     */
    @Tagged
    @Get("/dnsmasq/{part}")
    @Operation(operationId = "getSiteDnsmasqFile")
    @Produces(MediaType.TEXT_PLAIN)
    @ApiResponse(responseCode = "200", content = @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(type = "string")))
    MutableHttpResponse<?> dnsmasq(int siteId, String part, HttpRequest<?> request) {
        return now(existing(siteId).dnsmasq(part).orElseThrow(() -> Problem.notFound("file of dnsmasq", part)), MediaType.TEXT_PLAIN_TYPE, request);
    }

    /**
     * The sssd.conf of the site's containers. &#64;HOSTNAME&#64; and &#64;PASSWORD&#64; stand for the name of a container's own account and its
     * password, which the server does not know.
     */
    @Tagged
    @Get("/sssd.conf")
    @Operation(operationId = "getSiteSssdConfiguration")
    @Produces(MediaType.TEXT_PLAIN)
    @ApiResponse(responseCode = "200", content = @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(type = "string")))
    MutableHttpResponse<?> sssd(int siteId, HttpRequest<?> request) {
        existing(siteId);
        return now(Representation.of(sssd.renderForContainers()), MediaType.TEXT_PLAIN_TYPE, request);
    }

    private CompletionStage<MutableHttpResponse<?>> answer(int site, Function<SiteState, Representation> what, MediaType type,
                                                           Authentication caller, HttpRequest<?> request) {
        var key = PrincipalAttributes.agentKey(caller);
        var wait = key == null ? null : WaitPreference.of(request);
        if (wait == null || !wait.isPositive() || !isKnown(what.apply(existing(site)), request)) {
            return CompletableFuture.completedFuture(now(what.apply(existing(site)), type, request));
        }
        return held.hold(site, key, state -> state == null || !isKnown(what.apply(state), request), wait).thenApply(done -> {
            if (!keys.isGood(key)) {
                throw Problem.of(Problem.Kind.UNAUTHORIZED, "This key is not good any more.");
            }
            return now(what.apply(existing(site)), type, request).header("Preference-Applied", "wait=" + wait.toSeconds());
        });
    }

    private MutableHttpResponse<?> now(Representation present, MediaType type, HttpRequest<?> request) {
        boolean compressed = type.getName().equals(TAR) && takesGzip(request);
        var tag = (compressed ? "W/" : "") + present.entityTag();
        if (isKnown(present, request)) {
            return tagged(tag, HttpResponse.notModified());
        }
        var content = compressed ? present.compressed() : present.content();
        meters.delivered(content.length);
        var response = tagged(tag, HttpResponse.ok(content).contentType(type));
        return compressed ? response.header(HttpHeaders.CONTENT_ENCODING, "gzip") : response;
    }

    private static boolean takesGzip(HttpRequest<?> request) {
        return request.getHeaders().getAll(HttpHeaders.ACCEPT_ENCODING).stream().anyMatch(header -> GZIP.matcher(header).find());
    }

    private static MutableHttpResponse<?> tagged(String tag, MutableHttpResponse<?> response) {
        return response.header(HttpHeaders.ETAG, tag).header(HttpHeaders.CACHE_CONTROL, "private, no-cache").header(HttpHeaders.VARY, "Prefer, Accept-Encoding");
    }

    private static boolean isKnown(Representation present, HttpRequest<?> request) {
        return EntityTags.isKnown(request, present.entityTag());
    }

    private SiteState existing(int site) {
        return states.of(site).orElseThrow(() -> Problem.notFound("site", site));
    }
}

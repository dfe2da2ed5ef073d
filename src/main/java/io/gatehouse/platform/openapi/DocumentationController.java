package io.gatehouse.platform.openapi;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Arrays;

/** How this server is used. */
@Tag(name = "Server")
@Controller
@Secured(SecurityRule.IS_ANONYMOUS)
final class DocumentationController {

    /** The page runs its own scripts only, and talks to this server only. Its library sets styles by attributes. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final ApiDocument document;
    private final DocumentationPage page;

    DocumentationController(ApiDocument document, DocumentationPage page) {
        this.document = document;
        this.page = page;
    }

    /** This document. */
    @Get("/openapi.yaml")
    @Produces("application/yaml")
    @Operation(operationId = "getApiDocument")
    HttpResponse<String> openapi(@Nullable @Header(HttpHeaders.IF_NONE_MATCH) String known) {
        var text = document.text();
        var response = known != null && Arrays.stream(known.split(",")).map(String::strip).anyMatch(text.entityTag()::equals)
                ? HttpResponse.<String>notModified()
                : HttpResponse.ok(text.yaml());
        return response.header(HttpHeaders.ETAG, text.entityTag()).header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    /** A page to try these calls out. */
    @Get("/docs")
    @Produces(MediaType.TEXT_HTML)
    @Operation(operationId = "getDocumentationPage")
    HttpResponse<byte[]> page() {
        return answer(page.asset("index.html").orElseThrow());
    }

    /** What the page is made of. */
    @Get("/docs/{asset}")
    @Produces(MediaType.ALL)
    @Operation(operationId = "getDocumentationAsset")
    HttpResponse<byte[]> asset(String asset) {
        return answer(page.asset(asset).orElseThrow(() -> Problem.notFound("asset", asset)));
    }

    private static HttpResponse<byte[]> answer(DocumentationPage.Asset asset) {
        return HttpResponse.ok(asset.content()).contentType(asset.type())
                .header("Content-Security-Policy", POLICY)
                .header(HttpHeaders.CACHE_CONTROL, "max-age=3600");
    }
}

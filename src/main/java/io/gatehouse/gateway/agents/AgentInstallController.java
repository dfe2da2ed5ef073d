package io.gatehouse.gateway.agents;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.ShellScript;
import io.gatehouse.platform.ShellText;
import io.gatehouse.platform.http.PublicUrl;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;

/** How a machine becomes a gateway. The scripts hold no secret. */
@Tag(name = "Agents")
@Controller("/agent")
@Secured(SecurityRule.IS_ANONYMOUS)
final class AgentInstallController {

    private final ShellScript install = ShellScript.resource("/agent/install.sh");
    private final ShellScript agent = ShellScript.resource("/agent/agent.sh");
    private final PublicUrl publicUrl;

    AgentInstallController(PublicUrl publicUrl) {
        this.publicUrl = publicUrl;
    }

    /** The shell script that installs a site's agent on a machine; its beginning tells how it is used. */
    @Get("/install")
    @Operation(operationId = "getAgentInstallation")
    @Produces("text/x-shellscript")
    HttpResponse<String> script() {
        return HttpResponse.ok(install.filled(Map.of("SERVER", ShellText.quoted(server()), "AGENT", ShellScript.document(agent.text()))))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    /** Never taken from a request: whoever sends one could have a machine obey somebody else's server. */
    private String server() {
        return publicUrl.text().map(url -> url.replaceFirst("/+$", "")).orElseThrow(() -> Problem.conflict(null, null,
                "The server does not know by what address agents reach it: set GATEHOUSE_PUBLIC_URL."));
    }
}

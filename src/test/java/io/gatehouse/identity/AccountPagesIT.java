package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AccountPagesIT {

    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> get(String path) {
        return server.send("GET", path, null, null);
    }

    @Test
    void areMadeOfWhatThisServerHas() {
        for (var path : List.of("/register", "/password-reset")) {
            var page = get(path);
            var parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body()).results().map(match -> match.group(1)).toList();

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(parts).containsExactly("pages/account.css", "pages/account.js").allSatisfy(part -> assertThat(get("/" + part).statusCode()).isEqualTo(200));
        }
        assertThat(get("/pages/account.js").headers().firstValue("Content-Type")).hasValue("text/javascript");
        assertThat(get("/pages/register.html").statusCode()).isEqualTo(404);
        assertThat(get("/pages/..%2Fapplication.yml").statusCode()).isEqualTo(404);
    }

    @Test
    void runTheirOwnScriptOnlyAndAreFramedByNobody() {
        for (var path : List.of("/register", "/password-reset")) {
            var page = get(path);
            assertThat(page.headers().allValues("Content-Security-Policy")).singleElement().asString()
                    .contains("default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'").doesNotContain("unsafe");
            assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(page.body()).doesNotContainPattern("<script(?! src=)").doesNotContainPattern(" on[a-z]+=").doesNotContain("style=");
        }
        assertThat(get("/pages/account.js").body()).doesNotContain("innerHTML", "eval", "document.write");
    }

    @Test
    void askForWhatTheApiTakes() {
        assertThat(names(get("/register"))).containsExactly("mail", "username", "givenName", "sn", "password", "again", "sshPublicKeys");
        assertThat(names(get("/password-reset"))).containsExactly("usernameOrMail", "username", "password", "again");
    }

    private static List<String> names(HttpResponse<String> page) {
        return Pattern.compile("<(?:input|textarea)[^>]* name=\"([^\"]+)\"|<(?:input|textarea) name=\"([^\"]+)\"").matcher(page.body()).results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1)).toList();
    }
}

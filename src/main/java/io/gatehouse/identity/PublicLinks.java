package io.gatehouse.identity;

import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.http.PublicUrl;
import io.gatehouse.platform.mail.Outbox;
import jakarta.inject.Singleton;

/** Addresses of this server for people: as configured, never as a request says. Without a configured address they begin with a slash. */
@Singleton
final class PublicLinks {

    private final String base;

    PublicLinks(PublicUrl url, Outbox outbox) {
        if (outbox.isOpen() && url.text().isEmpty()) {
            throw new StartupFailure("GATEHOUSE_SMTP_URL needs GATEHOUSE_PUBLIC_URL, too: links in mails begin with it.");
        }
        base = url.text().orElse("").replaceFirst("/+$", "") + "/";
    }

    /** What people know this server by, such as {@code gatehouse.example.org}. */
    String server() {
        return base.replaceFirst("^[a-z]+://", "").replaceFirst("/$", "");
    }

    String invitation(OneTimeToken token) {
        return base + "register#" + token.text();
    }

    String passwordReset(OneTimeToken token) {
        return forgottenPassword() + "#" + token.text();
    }

    String forgottenPassword() {
        return base + "password-reset";
    }

    String activation(String username) {
        return base + "api/v1/users/" + username + "/activate";
    }
}

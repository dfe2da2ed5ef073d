package io.gatehouse.identity;

import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.http.PublicUrl;
import io.gatehouse.platform.mail.Outbox;
import jakarta.inject.Singleton;

/** Addresses of this server for people: as configured, never as a request says. */
@Singleton
final class PublicLinks {

    private final String base;

    PublicLinks(PublicUrl url, Outbox outbox) {
        if (outbox.isOpen() && url.text().isEmpty()) {
            throw new StartupFailure("GATEHOUSE_SMTP_URL needs GATEHOUSE_PUBLIC_URL, too: links in mails begin with it.");
        }
        base = url.text().orElse("").replaceFirst("/+$", "") + "/api/v1/";
    }

    String register() {
        return base + "auth/register";
    }

    String invitation(OneTimeToken token) {
        return base + "auth/invitations/" + token.text();
    }

    String passwordReset(OneTimeToken token) {
        return base + "auth/password-reset/" + token.text();
    }

    String activation(String username) {
        return base + "users/" + username + "/activate";
    }
}

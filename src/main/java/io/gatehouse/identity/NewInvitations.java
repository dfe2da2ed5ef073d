package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * Whom to invite.
 *
 * @param mails  1 to 100 addresses
 * @param groups of all of them, besides {@code ldapusers}
 */
@RequestDocument
public record NewInvitations(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<String> mails, @Nullable List<String> groups) {
}

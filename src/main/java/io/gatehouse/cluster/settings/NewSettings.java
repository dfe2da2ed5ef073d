package io.gatehouse.cluster.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/** What several settings shall be; null for the default. One field for each {@link io.gatehouse.platform.settings.Setting}. */
@RequestDocument
record NewSettings(
        @Nullable @JsonProperty("access_default") String accessDefault,
        @Nullable @JsonProperty("containers_per_user") String containersPerUser,
        @Nullable @JsonProperty("invitation_lifetime") String invitationLifetime,
        @Nullable @JsonProperty("password_reset_lifetime") String passwordResetLifetime,
        @Nullable @JsonProperty("push_notification_api_key") String pushNotificationApiKey,
        @Nullable @JsonProperty("push_notification_client_id") String pushNotificationClientId,
        @Nullable @JsonProperty("push_notification_enabled") String pushNotificationEnabled,
        @Nullable @JsonProperty("push_notification_url") String pushNotificationUrl,
        @Nullable @JsonProperty("registration_lifetime") String registrationLifetime,
        @Nullable @JsonProperty("registration_open") String registrationOpen,
        @Nullable @JsonProperty("second_factor_required_for_administrators") String secondFactorRequired,
        @Nullable @JsonProperty("services_per_container") String servicesPerContainer,
        @Nullable @JsonProperty("tcp_port_range") String tcpPortRange,
        @Nullable @JsonProperty("udp_port_range") String udpPortRange) {
}

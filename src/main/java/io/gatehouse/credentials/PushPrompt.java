package io.gatehouse.credentials;

/** What somebody is asked on the phone. */
public record PushPrompt(String username, String title, String body) {
}

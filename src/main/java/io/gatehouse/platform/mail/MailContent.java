package io.gatehouse.platform.mail;

import java.nio.charset.StandardCharsets;

/** What one mail says. */
record MailContent(String subject, String text, String html) {

    private static final String SEPARATOR = "\0";

    byte[] bytes() {
        return String.join(SEPARATOR, subject, text, html).getBytes(StandardCharsets.UTF_8);
    }

    static MailContent of(byte[] bytes) {
        var parts = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1);
        return new MailContent(parts[0], parts[1], parts[2]);
    }

    /** Nothing of it: there may be a token in it. */
    @Override
    public String toString() {
        return "MailContent[]";
    }
}

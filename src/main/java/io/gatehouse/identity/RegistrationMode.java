package io.gatehouse.identity;

/** Who may register. */
enum RegistrationMode {
    /** Everybody; an administrator approves. */
    OPEN,
    /** Those who have an invitation. */
    INVITATION
}

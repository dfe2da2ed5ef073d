package io.gatehouse.auth;

/** Whose session it is, and what he may do at present. */
record SessionOwner(int uidNumber, String username, boolean administrator, boolean secondFactor, boolean passwordChangeRequired) {
}

package io.gatehouse.e2e;

/**
 * Somebody who is stored in Gatehouse.
 *
 * @param keyFile the private SSH key, on the workstation
 */
record Person(String name, String password, int uidNumber, String keyFile) {
}

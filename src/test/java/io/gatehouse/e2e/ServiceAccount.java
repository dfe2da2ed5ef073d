package io.gatehouse.e2e;

/** As whom a container reads the directory. */
record ServiceAccount(String name, String dn, String password) {
}

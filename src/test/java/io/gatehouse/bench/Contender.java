package io.gatehouse.bench;

/**
 * A running server with the entries of a population.
 *
 * @param pid    the process whose processor time and memory count
 * @param reader who may read everything
 */
record Contender(Product product, Population population, int ldapPort, int ldapsPort, long pid, Login reader) {

    enum Product { GATEHOUSE, SLAPD }

    record Login(String dn, String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Login[" + dn + "]";
        }
    }

    static final String BASE = "dc=cluster,dc=internal";
    static final String PEOPLE = "ou=people," + BASE;
    static final String GROUPS = "ou=groups," + BASE;

    /** The same server, read by somebody else. */
    Contender readBy(Login other) {
        return new Contender(product, population, ldapPort, ldapsPort, pid, other);
    }

    @Override
    public String toString() {
        return "%s with %,d users".formatted(product == Product.GATEHOUSE ? "Gatehouse" : "slapd", population.users());
    }
}

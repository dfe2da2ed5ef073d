package io.gatehouse.identity;

import java.util.List;

/** Where this node serves LDAP; told to clients. */
public interface LdapEndpoints {

    /** Above everything: {@code dc=cluster,dc=internal}. */
    String baseDn();

    /** What clients connect to, most preferred first, such as {@code ldaps://gatehouse.example:1636}; as far as it listens already. */
    List<String> uris();
}

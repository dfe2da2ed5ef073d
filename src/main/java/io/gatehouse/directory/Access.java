package io.gatehouse.directory;

/** How much of the directory somebody may read. What is not shown can neither be returned nor found by a filter. */
enum Access {

    /** Root DSE and schema, which are not entries of the tree. */
    NOTHING,
    /** The POSIX view of people and groups, and one's own entry whole. */
    PERSON,
    /** People, groups, hosts, sudoers and policies, and one's own entry. */
    SERVICE_ACCOUNT,
    /** What a service account sees, but no other host. */
    MACHINE,
    /** Everything. */
    ADMINISTRATOR
}

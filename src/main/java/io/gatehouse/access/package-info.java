/**
 * Who may log in on which container, and run what there as whom.
 *
 * <p>{@link io.gatehouse.access.AccessRules} is all that decides, at one moment of the database: policies, where the containers are and
 * whose, and what counts where no policy does. {@link io.gatehouse.access.Enforcement} is the same for a span of time in which no policy
 * begins or ends. It is asked in three ways, with the same answer: for one person and one container ({@code /access/check}), for all
 * people of a container (what its machine account sees over LDAP), and for all containers of a person (the attribute {@code host}).
 */
package io.gatehouse.access;

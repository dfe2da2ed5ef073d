/**
 * How a container joins the directory: with a token that its owner gives it once, and a script that exchanges it for an account
 * of the container's own.
 *
 * <p>The account is a row of {@code machine_accounts}; what LDAP shows and takes of it, the room {@code directory} reads there. The
 * script is made of {@code join/join.sh}, which carries {@code join/leave.sh} to the machine, and knows no secret but the token it
 * was asked for with.
 */
package io.gatehouse.join;

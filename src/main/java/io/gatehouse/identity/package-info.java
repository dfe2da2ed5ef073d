/**
 * People, groups and service accounts.
 *
 * <p>{@link io.gatehouse.identity.Users}, {@link io.gatehouse.identity.Groups} and
 * {@link io.gatehouse.identity.ServiceAccounts} hold the rules; HTTP controllers and the LDAP operations call them alike. Each
 * call is one transaction with its audit event. The {@code *Rows} classes hold the SQL.
 *
 * <h2>Rules</h2>
 * <ul>
 * <li>A name is what POSIX tools can take, and none that a system's own accounts use ({@code AccountNames}).</li>
 * <li>A uid number is given once and never again, also not after a deletion; gaps are normal.</li>
 * <li>A user is pending, active or suspended; only active ones log in anywhere or are shown over LDAP.</li>
 * <li>Everybody joins {@code ldapusers} when created, in the same transaction.</li>
 * <li>A second factor counts once it is confirmed; each of its codes works once, on any node ({@link io.gatehouse.identity.SecondFactors}).</li>
 * <li>The first user needs the bootstrap token or the configuration ({@link io.gatehouse.identity.Bootstrap}), and is an
 * active sysadmin at once. From then on there always is an active administrator with a password: whatever would take the last
 * one away is refused.</li>
 * </ul>
 *
 * <h2>Concurrency</h2>
 * Writers of the directory form one queue: they hold a transaction-scoped advisory lock ({@code DirectoryTransactions}), which
 * the tables' triggers take as well. So what a transaction reads first still holds when it writes, on any number of nodes. The
 * database's constraints stand behind every rule all the same; a violated one becomes the same answer as the check before it.
 */
package io.gatehouse.identity;

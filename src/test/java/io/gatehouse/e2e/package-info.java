/**
 * The proof: real Debian clients log in against real server processes.
 *
 * <p>{@code src/e2e} builds the client root and starts containers in a private network; here is what must hold in them. Each client
 * stack has its class, all of them the expectations of {@link io.gatehouse.e2e.ContainerLogin}. They need root, Linux namespaces and a
 * few Debian packages, and are skipped with the reason where those are missing (they fail instead where {@code CI=true}).
 */
package io.gatehouse.e2e;

/**
 * The OpenAPI document of this server, and a page to try it out.
 *
 * <p>The annotation processor writes a first document at compile time: paths, parameters, bodies, and what Javadoc says of them. At
 * its first use {@link io.gatehouse.platform.openapi.ApiDocument} puts it together with {@code openapi/shared.yml} (what all
 * calls share) and completes each operation by the annotations and parameter types of its route: who may call it, what it may be
 * refused with, which headers it reads and sends. So a controller says nothing of this twice.
 */
package io.gatehouse.platform.openapi;

/** The API for {@link io.gatehouse.platform.settings.Setting}s: who may see and change them, and what is recorded of it. */
package io.gatehouse.cluster.settings;

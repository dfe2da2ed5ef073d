/** The HTTP API as its own document describes it: every operation, every role, and whatever else may come. */
package io.gatehouse.api;

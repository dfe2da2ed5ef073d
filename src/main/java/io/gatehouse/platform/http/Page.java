package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * A part of a list.
 *
 * @param next opaque; as {@code cursor} of the next request it asks for what follows; null at the end
 */
@Serdeable
public record Page<T>(List<T> items, @Nullable String next) {
}

package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/**
 * A group of another system.
 *
 * @param gidNumber kept, if it is in the range and free; without it, the next free one
 * @param members   user names, of those who are there and those who come along
 * @param groups    names of groups that are put into it, of those that are there and those that come along
 */
@RequestDocument
record ImportedGroup(@Nullable String cn, @Nullable Integer gidNumber, @Nullable String description, @Nullable List<String> members,
                     @Nullable List<String> groups) {
}

package io.gatehouse.access;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What a policy says of sudo.
 *
 * @param commands     as sudoers(5) takes them: absolute paths, with arguments or without, or {@code ALL}
 * @param runAs        user names, groups behind a percent sign, or {@code ALL}; none: root
 * @param authenticate whether the own password has to be given
 */
@Serdeable
public record Sudo(List<String> commands, List<String> runAs, boolean authenticate) {
}

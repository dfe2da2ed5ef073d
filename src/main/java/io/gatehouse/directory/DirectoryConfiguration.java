package io.gatehouse.directory;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * @param baseDn            the naming context
 * @param userPrivateGroups whether each person has a group of the same name and number as primary group
 */
@ConfigurationProperties("gatehouse.ldap")
record DirectoryConfiguration(
        @Bindable(defaultValue = "dc=cluster,dc=internal") String baseDn,
        @Bindable(defaultValue = "false") boolean userPrivateGroups) {
}

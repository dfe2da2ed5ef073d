package io.gatehouse.gateway;

import java.util.SortedMap;

/**
 * Files of a site's gateway, made from its snapshot. All beans of this type together make the files that an agent pulls.
 *
 * <p>On every node of the fleet the same snapshot must give the same files, since agents tell by their hash whether anything has
 * changed.
 */
public interface Rendering {

    /**
     * @return text by name; a name is a path below the directory of the agent, such as {@code dnsmasq/hosts}, and no other rendering's
     */
    SortedMap<String, String> files(SiteSnapshot site);
}

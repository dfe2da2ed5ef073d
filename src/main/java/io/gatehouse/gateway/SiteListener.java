package io.gatehouse.gateway;

/** Hears that something else is told of a site, or that it is gone; must return soon. */
public interface SiteListener {

    void siteChanged(int site);
}

package io.gatehouse.platform.openapi;

import io.micronaut.http.MediaType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/** The page that shows the OpenAPI document by Swagger UI, and the files it is made of. */
@Singleton
final class DocumentationPage {

    private static final String OWN = "/openapi/";
    private static final String LIBRARY = "/META-INF/resources/webjars/swagger-ui/";
    private static final String LIBRARY_PROPERTIES = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private static final Map<String, MediaType> TYPES = Map.of(
            "index.html", MediaType.TEXT_HTML_TYPE,
            "start.js", MediaType.of("text/javascript"),
            "swagger-ui.css", MediaType.TEXT_CSS_TYPE,
            "swagger-ui-bundle.js", MediaType.of("text/javascript"),
            "favicon-32x32.png", MediaType.IMAGE_PNG_TYPE);

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();

    /** A file and what it is. */
    record Asset(byte[] content, MediaType type) {
    }

    Optional<Asset> asset(String name) {
        return TYPES.containsKey(name) ? Optional.of(assets.computeIfAbsent(name, DocumentationPage::read)) : Optional.empty();
    }

    private static Asset read(String name) {
        try (var own = DocumentationPage.class.getResourceAsStream(OWN + name)) {
            return new Asset(own == null ? library(name) : own.readAllBytes(), TYPES.get(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] library(String name) throws IOException {
        var properties = new Properties();
        try (var in = open(LIBRARY_PROPERTIES)) {
            properties.load(in);
        }
        try (var in = open(LIBRARY + properties.getProperty("version") + "/" + name)) {
            return in.readAllBytes();
        }
    }

    private static InputStream open(String resource) {
        var in = DocumentationPage.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("There is no " + resource + " in this build.");
        }
        return in;
    }
}

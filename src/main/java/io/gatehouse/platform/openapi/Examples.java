package io.gatehouse.platform.openapi;

/** What requests and answers look like, by the name of the operation. */
final class Examples {

    private final Branch examples;

    Examples(Branch examples) {
        this.examples = examples;
    }

    void show(Branch document) {
        var paths = document.at("paths");
        paths.members().keySet().forEach(path -> paths.at(path).members().keySet().forEach(method -> {
            var operation = paths.at(path).at(method);
            operation.text("operationId").flatMap(examples::find).ifPresent(example -> show(operation, example));
        }));
    }

    private static void show(Branch operation, Branch example) {
        if (example.has("request")) {
            operation.find("requestBody").ifPresent(body -> putInto(body, example.get("request")));
        }
        if (example.has("answer")) {
            var responses = operation.at("responses");
            responses.members().keySet().stream().filter(status -> status.startsWith("2"))
                    .forEach(status -> putInto(responses.at(status), example.get("answer")));
        }
    }

    private static void putInto(Branch described, Object example) {
        described.find("content").ifPresent(content -> content.members().keySet()
                .forEach(mediaType -> content.at(mediaType).put("example", example)));
    }
}

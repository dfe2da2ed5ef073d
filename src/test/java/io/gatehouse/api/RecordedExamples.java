package io.gatehouse.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gatehouse.api.Document.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was sent and answered: the examples of the document. With {@code -Dgatehouse.test.examples=write} they replace those in the
 * sources, which is done when bodies change.
 */
final class RecordedExamples {

    private static final Path FILE = Path.of("src/main/resources/openapi/examples.yml");

    /** Names as people give them, instead of the tests' numbered ones, and secrets that are none. */
    private static final List<Map.Entry<String, String>> CLEARER = List.of(
            Map.entry("\"u\\d+\"", "\"grace\""), Map.entry(":u\\d+\"", ":grace\""), Map.entry("/u\\d+\"", "/grace\""), Map.entry("\"r\\d+\"", "\"ada\""),
            Map.entry("\"g\\d+\"", "\"compilers\""), Map.entry("\"s\\d+\"", "\"containers\""), Map.entry("=s\\d+,", "=containers,"),
            Map.entry("\"site\\d+", "\"berlin"), Map.entry("\"pve\\d+\"", "\"pve1\""), Map.entry("\"web\\d+\"", "\"web1\""),
            Map.entry("\"p\\d+\"", "\"builders\""), Map.entry("container:web\\d+", "container:web1"),
            Map.entry("\"d\\d+\\.example", "\"apps.example"), Map.entry("\"m\\d+@", "\"grace@"), Map.entry("root-of-all", "admin"),
            Map.entry("\"i\\d+@", "\"ada@"), Map.entry("(auth/(?:invitations|password-reset)/|(?:join|password-reset)#)[^\"]*", "$1aBcD..."),
            Map.entry("(\"invitation\":\")[^\"]*", "$1aBcD..."), Map.entry("127\\.0\\.0\\.1\"", "192.0.2.7\""), Map.entry("Java-http-client/[^\"]*", "curl/8.14.1"),
            Map.entry("\"gh_([a-z0-9]+)_[^\"]*\"", "\"gh_$1_rTq0...\""), Map.entry("\"(access_token\":\")[^\"]*", "\"$1eyJraWQiOi..."),
            Map.entry("\"(qrPng\":\")[^\"]*", "\"$1iVBORw0KGgo..."), Map.entry("\"(qrSvg\":\")<svg.*?</svg>", "\"$1<svg>...</svg>"),
            Map.entry("\"(secret\":\")[^\"]*", "\"$1JBSWY3DP..."), Map.entry("secret=[A-Z2-7]+", "secret=JBSWY3DP..."), Map.entry(":u\\d+\\?", ":grace?"),
            Map.entry("\"[0-9a-z]{4}(-[0-9a-z]{4}){3}\"", "\"2k7d-m3xq-9fhw-t6bz\""), Map.entry("\"app-[^\"]*", "\"app-k7d2-..."),
            Map.entry("\\b(join|host)(-[0-9a-z]{4}){7}", "$1-k7d2-..."), Map.entry("cn=web\\d+,", "cn=web1,"),
            Map.entry("(-----BEGIN [A-Z ]+-----)[^-\"]*(-----END)", "$1\\\\nMIIB...\\\\n$2"),
            Map.entry("\"(challenge\":\")[^\"]*", "\"$1Zk3v..."), Map.entry("\"(refresh_token\":\")[^\"]*", "\"$1q8Zk..."));

    private final Map<String, JsonNode> examples = new TreeMap<>();

    void add(Operation operation, Sample sample, HttpResponse<String> answer) {
        ObjectNode example = Sample.JSON.createObjectNode();
        if (sample.body() != null) {
            example.set("request", clearer(sample.body().toString()));
        }
        if (answer.headers().firstValue("Content-Type").orElse("").matches("application/json.*")) {
            example.set("answer", clearer(answer.body()));
        }
        if (!example.isEmpty()) {
            examples.put(operation.id(), example);
        }
    }

    void writeIfAsked() {
        if ("write".equals(System.getProperty("gatehouse.test.examples"))) {
            try {
                var yaml = YAMLMapper.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build();
                Files.writeString(FILE, "# Written by ApiContractIT: what it sent, and was answered.\n" + yaml.writeValueAsString(examples));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static JsonNode clearer(String json) {
        var text = json;
        for (var change : CLEARER) {
            text = text.replaceAll(change.getKey(), change.getValue());
        }
        return Contract.read(text);
    }
}

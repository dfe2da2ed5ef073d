package io.gatehouse.transfer;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What follows a command: options with values, flags, and files. */
record Arguments(Map<String, String> values, Set<String> flags, List<Path> files) {

    private static final Set<String> OF_ALL = Set.of("--url", "--token", "--ca");
    private static final String DEFAULT_URL = "http://localhost:8080";

    /** @throws Refused if there is an option that the command does not have, or a value is missing */
    static Arguments parse(List<String> words, Set<String> options, Set<String> flags) {
        var values = new HashMap<String, String>();
        var given = new HashSet<String>();
        var files = new ArrayList<Path>();
        for (var rest = words.iterator(); rest.hasNext();) {
            var word = rest.next();
            if (flags.contains(word)) {
                given.add(word);
            } else if (OF_ALL.contains(word) || options.contains(word)) {
                if (!rest.hasNext()) {
                    throw new Refused("The option " + word + " lacks its value.");
                }
                values.put(word, rest.next());
            } else if (word.startsWith("--")) {
                throw new Refused("There is no option " + word + ".");
            } else {
                files.add(Path.of(word));
            }
        }
        return new Arguments(values, given, files);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option));
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    /** The server that the options name, or the environment. */
    Server server(Map<String, String> environment) {
        var url = value("--url").orElse(environment.getOrDefault("GATEHOUSE_URL", DEFAULT_URL));
        var token = value("--token").or(() -> Optional.ofNullable(environment.get("GATEHOUSE_TOKEN")))
                .orElseThrow(() -> new Refused("An access token or an API key is needed: set GATEHOUSE_TOKEN, or use --token."));
        if (!url.matches("https?://[^/?#]+/?")) {
            throw new Refused("'" + url + "' is no address of a server, such as https://gatehouse.example.org.");
        }
        if (token.isEmpty()) {
            throw new Refused("The token is empty.");
        }
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new Refused("The token has characters that none has.");
        }
        return new Server(URI.create(url.replaceFirst("/$", "")), token, value("--ca").map(Path::of));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Arguments" + files;
    }
}

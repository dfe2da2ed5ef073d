package io.gatehouse.gateway;

import java.util.Map;
import java.util.SortedMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The files of a program as one, for those who place it themselves: what is included stands in its place. */
final class SingleFile {

    private static final String NGINX = "nginx/";
    private static final Pattern INCLUDE = Pattern.compile("(?m)^( *)include \"?([a-z0-9][a-z0-9./*\\[\\]-]*)\"?;\\n");
    private static final Pattern LINE = Pattern.compile("(?m)^(?=.)");

    private SingleFile() {
    }

    /** For Debian's nginx; certificates stay files of their own, below its folder. */
    static String nginx(SortedMap<String, String> files) {
        return leftOut(files, "nginx/left-out") + expanded(files, files.get("nginx/nginx.conf"), "");
    }

    /** What is read once, with the records of services. */
    static String dnsmasq(SortedMap<String, String> files) {
        return leftOut(files, "dnsmasq/left-out") + files.get("dnsmasq/conf")
                + files.subMap("dnsmasq/conf.d/", "dnsmasq/conf.d0").values().stream().collect(Collectors.joining());
    }

    private static String expanded(SortedMap<String, String> files, String text, String indent) {
        var whole = INCLUDE.matcher(text).replaceAll((MatchResult include) ->
                Matcher.quoteReplacement(included(files, include.group(2), include.group(1), include.group())));
        return LINE.matcher(whole).replaceAll(indent);
    }

    private static String included(SortedMap<String, String> files, String path, String indent, String line) {
        var wanted = Pattern.compile(Pattern.quote(NGINX) + path.replace(".", "\\.").replace("*", "[^/]*"));
        var found = files.entrySet().stream().filter(file -> wanted.matcher(file.getKey()).matches()).map(Map.Entry::getValue)
                .map(text -> expanded(files, text, indent)).toList();
        return found.isEmpty() && path.matches("[a-z0-9./-]+") ? line : String.join("", found);
    }

    private static String leftOut(SortedMap<String, String> files, String name) {
        return files.get(name).lines().map(line -> "# left out: " + line + "\n").collect(Collectors.joining());
    }
}

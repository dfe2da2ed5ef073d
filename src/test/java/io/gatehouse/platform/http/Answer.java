package io.gatehouse.platform.http;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.util.List;
import java.util.Map;

/** What an HTTP request brought. */
public record Answer(HttpResponse<String> response) {

    public int status() {
        return response.statusCode();
    }

    public String text() {
        return response.body();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    /** A member of the JSON body; its members in turn are separated by dots. */
    public Object at(String path) {
        Object value = object();
        for (var name : path.split("\\.")) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }

    public String textAt(String path) {
        return (String) at(path);
    }

    /** The items of a page. */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> items() {
        return (List<Map<String, Object>>) at("items");
    }

    public Map<String, Object> object() {
        try {
            return JSONObjectUtils.parse(text());
        } catch (ParseException e) {
            throw new AssertionError("No JSON object: " + status() + " " + text(), e);
        }
    }
}

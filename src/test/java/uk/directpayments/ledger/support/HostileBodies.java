package uk.directpayments.ledger.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes, from one good JSON body, all the bad ones that a route must survive: never 500, nothing stored. */
public final class HostileBodies {

    /**
     * @param name      what is wrong with it, for the message of a failing test
     * @param content   the bytes to send as {@code application/json}
     * @param neverGood whether every route must refuse it; otherwise the value may happen to suit a field (an empty text, a null
     *                  for an optional one), and the route must only not fail
     */
    public record HostileBody(String name, byte[] content, boolean neverGood) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final String HERE = "@@here@@";

    /** Never good for any field of any type: a name and the raw JSON. */
    private static final Map<String, String> NEVER = new LinkedHashMap<>();

    /** May suit a field of some type. */
    private static final Map<String, String> PERHAPS = new LinkedHashMap<>();

    static {
        NEVER.put("an object of nonsense", "{\"nonsense\":{\"deeper\":[]}}");
        NEVER.put("a list of lists", "[[[]]]");
        NEVER.put("a NUL character", "\"a\\u0000b\"");
        NEVER.put("an escape character", "\"\\u001b[31m\"");
        NEVER.put("half a surrogate pair", "\"\\ud800\"");
        NEVER.put("2,001 characters", "\"" + "x".repeat(2_001) + "\"");
        NEVER.put("a number beyond double", "1e400");
        NEVER.put("a number of 90 digits", "9".repeat(90));
        NEVER.put("a number of 5,000 digits", "9".repeat(5_000));
        NEVER.put("a monstrous exponent", "1e999999999");
        NEVER.put("not a number", "NaN");
        PERHAPS.put("null", "null");
        PERHAPS.put("an empty text", "\"\"");
        PERHAPS.put("blanks", "\"   \"");
        PERHAPS.put("a text", "\"nonsense'; DROP TABLE event_log; --\"");
        PERHAPS.put("a text that looks like markup", "\"<script>alert(1)</script>{{7*7}}${jndi:ldap://x}\"");
        PERHAPS.put("a number", "1");
        PERHAPS.put("a negative number", "-1");
        PERHAPS.put("a fraction", "0.5");
        PERHAPS.put("the largest long", "9223372036854775807");
        PERHAPS.put("more than a long", "9223372036854775808");
        PERHAPS.put("true", "true");
        PERHAPS.put("an empty list", "[]");
        PERHAPS.put("a list of null", "[null]");
        PERHAPS.put("an empty object", "{}");
        PERHAPS.put("money below zero", "\"-1.00\"");
        PERHAPS.put("money with an exponent", "\"1e3\"");
        PERHAPS.put("money with three decimals", "\"1.000\"");
        PERHAPS.put("too much money", "\"1000000000.00\"");
        PERHAPS.put("no such day", "\"2026-02-30\"");
        PERHAPS.put("a day long ago", "\"0001-01-01\"");
        PERHAPS.put("a day in a distant year", "\"+999999999-12-31\"");
        PERHAPS.put("a path as id", "\"../../etc/passwd\"");
        PERHAPS.put("letters of other scripts", "\"\\u202e\\u0661\\u0662 \\ud83d\\ude00\"");
    }

    private HostileBodies() {}

    /** Every field of the body, however deep, holding every hostile value, and the hostile bodies that hold none of its fields. */
    public static List<HostileBody> of(String goodJson) {
        JsonNode good = JSON.readTree(goodJson);
        List<HostileBody> bodies = new ArrayList<>(whole(goodJson));
        for (String marked : marked(good, good, "")) {
            String field = marked.substring(0, marked.indexOf('\n'));
            String json = marked.substring(marked.indexOf('\n') + 1);
            NEVER.forEach(
                    (name, raw) -> bodies.add(body(field + " is " + name, json.replace(quoted(HERE), raw), true)));
            PERHAPS.forEach(
                    (name, raw) -> bodies.add(body(field + " is " + name, json.replace(quoted(HERE), raw), false)));
        }
        return bodies;
    }

    /** One text for each field: its path, a line end, and the body with a mark in the field's place. */
    private static List<String> marked(JsonNode root, JsonNode node, String path) {
        List<String> found = new ArrayList<>();
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.get(name);
                String field = path.isEmpty() ? name : path + "." + name;
                object.put(name, HERE);
                found.add(field + "\n" + root);
                object.set(name, value);
                found.addAll(marked(root, value, field));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                String field = path + "[" + i + "]";
                array.set(i, JSON.valueToTree(HERE));
                found.add(field + "\n" + root);
                array.set(i, value);
                found.addAll(marked(root, value, field));
            }
        }
        return found;
    }

    private static List<HostileBody> whole(String good) {
        String open = good.strip().substring(0, good.strip().length() - 1);
        String comma = JSON.readTree(good).isEmpty() ? "" : ",";
        List<HostileBody> bodies = new ArrayList<>(List.of(
                body("nothing", "", false), // good where nothing is required
                body("blanks", "  \n", true),
                body("null", "null", true),
                body("a text", "\"text\"", true),
                body("a number", "42", true),
                body("true", "true", true),
                body("a list", "[]", true),
                body("a list of the good body", "[" + good + "]", true),
                body("not JSON", "<xml/>", true),
                body("a form", "a=b&c=d", true),
                body("half a body", open, true),
                body("two bodies", good + good, true),
                body("a comma too many", open + ",}", true),
                body("a comment", "/* x */" + good, true),
                body("an unknown field", open + comma + "\"unheardOf\":1}", true),
                body("an unknown field with a NUL", open + comma + "\"\\u0000\":1}", true),
                body("a field name of 70,000 characters", open + comma + quoted("n".repeat(70_000)) + ":1}", true),
                body("10,000 lists deep", "[".repeat(10_000) + "]".repeat(10_000), true),
                body("10,000 objects deep", "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000), true),
                body(
                        "10,000 deep in an unknown field",
                        open + comma + "\"x\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}",
                        true),
                body("2 MB of blanks", good + " ".repeat(2_000_000), true),
                body("2 MB of text", open + comma + "\"unheardOf\":" + quoted("x".repeat(2_000_000)) + "}", true)));
        bodies.add(new HostileBody("bytes that are not UTF-8", bytes(open, comma, 0xC3, 0x28), true));
        bodies.add(new HostileBody("an overlong encoding", bytes(open, comma, 0xC0, 0xAF), true));
        bodies.add(new HostileBody("a raw NUL", bytes(open, comma, 0x00), true));
        for (String name : List.copyOf(JSON.readTree(good).propertyNames())) {
            bodies.add(body(
                    name + " twice",
                    open + comma + quoted(name) + ":" + JSON.readTree(good).get(name) + "}",
                    true));
        }
        return bodies;
    }

    /** The good body with a text field that holds these bytes. */
    private static byte[] bytes(String open, String comma, int... wrong) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((open + comma + "\"text\":\"").getBytes(StandardCharsets.UTF_8));
        for (int b : wrong) {
            bytes.write(b);
        }
        bytes.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static HostileBody body(String name, String json, boolean neverGood) {
        return new HostileBody(name, json.getBytes(StandardCharsets.UTF_8), neverGood);
    }
}

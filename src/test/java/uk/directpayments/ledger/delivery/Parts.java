package uk.directpayments.ledger.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the ledger is made of, as the bill of materials in its jar says (CycloneDX). */
final class Parts {

    private static final String BILL = "/META-INF/sbom/application.cdx.json";

    private Parts() {}

    /**
     * @param purl     its package URL without qualifiers
     * @param licences SPDX ids, or names where there is none; any one may be chosen
     */
    record Part(String group, String name, String version, String purl, List<String> licences) {}

    static List<Part> all() throws IOException {
        try (InputStream bill = Parts.class.getResourceAsStream(BILL)) {
            if (bill == null) {
                throw new IOException("there is no bill of materials: build with Maven once, and not offline");
            }
            return stream(new JsonMapper().readTree(bill).path("components"))
                    .map(part -> new Part(
                            part.path("group").asString(""),
                            part.path("name").asString(),
                            part.path("version").asString(),
                            part.path("purl").asString().replaceFirst("\\?.*", ""),
                            stream(part.path("licenses"))
                                    .map(Parts::licence)
                                    .sorted()
                                    .toList()))
                    .toList();
        }
    }

    private static String licence(JsonNode licence) {
        JsonNode one = licence.path("license");
        return Stream.of(one.path("id"), one.path("name"), licence.path("expression"))
                .map(name -> name.asString(""))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("none");
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}

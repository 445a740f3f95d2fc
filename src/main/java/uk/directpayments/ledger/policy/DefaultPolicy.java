package uk.directpayments.ledger.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The policy that is in force until the council publishes one: the product's merchant categories and the defaults of rulebook 7.9. */
final class DefaultPolicy {

    /** What the policy file says of a category that is no setting. */
    static final Set<String> NOT_SETTINGS = Set.of("mcc", "nameChecked", "severity");

    static final String FILE = "/policy/mcc-policy.json";

    static final Policy POLICY = load();

    private DefaultPolicy() {}

    private static Policy load() {
        try (InputStream file = Objects.requireNonNull(DefaultPolicy.class.getResourceAsStream(FILE), FILE)) {
            JsonNode policy = Settings.JSON.readTree(file);
            Map<String, String> values = new TreeMap<>();
            Setting.ALL.forEach(setting -> {
                if (setting.standard() != null) {
                    values.put(setting.name(), setting.standard());
                }
            });
            values.putAll(Map.of(
                    "returnCycle.LOW", "12",
                    "returnCycle.MEDIUM", "6",
                    "returnCycle.HIGH", "3",
                    "returnCycle.default", "12",
                    "reserveLimits.default", "1000000",
                    "delegatedAuthority.default", "500000"));
            policy.path("mccs").forEach(line -> {
                ObjectNode category = line.deepCopy().asObject();
                NOT_SETTINGS.forEach(category::remove);
                values.put("mcc." + line.path("mcc").asString(), Settings.JSON.writeValueAsString(category));
            });
            return new Policy(
                    policy.path("version").asString(),
                    LocalDate.parse(policy.path("effectiveFrom").asString()),
                    new Settings(values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

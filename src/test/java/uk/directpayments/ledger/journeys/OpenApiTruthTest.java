package uk.directpayments.ledger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** What {@code /v3/api-docs} says is compared with what the running ledger answers, field by field. */
class OpenApiTruthTest extends RunningLedger {

    private final List<String> lies = new ArrayList<>();
    private final Set<String> tried = new LinkedHashSet<>();

    private JsonNode docs;

    @Test
    void everyRouteAnswersWhatIsDescribed() {
        docs = Caller.as("", port).get("/v3/api-docs").json();
        Opened ids = opened("2025-04-01", "2026-03-31", "1000.00");
        String account = "/accounts/{accountId}";

        String personId = fresh("P");
        post(
                "/people",
                "",
                "{\"personId\":\"%s\",\"name\":\"Kim Example\",\"dateOfBirth\":\"2010-01-01\",\"reference\":\"REF-1\"}"
                        .formatted(personId));
        post("/people/{personId}/correction", personId, "{\"name\":\"Kim Sample\",\"reason\":\"Misheard\"}");
        get("/people/{personId}", personId, "");
        String budgetId = fresh("B");
        post(
                "/budgets",
                "",
                "{\"budgetId\":\"%s\",\"personId\":\"%s\",\"legalBasis\":\"SEN_S49\",\"ehcPlanRef\":\"EHC-9\",\"requestedOn\":\"2025-03-01\",\"requestedBy\":\"Parent\"}"
                        .formatted(budgetId, personId));
        post(
                "/budgets/{budgetId}/indicative-amount",
                budgetId,
                "{\"amount\":\"900.00\",\"from\":\"2025-04-01\",\"to\":\"2026-03-31\",\"method\":\"PANEL\",\"score\":3.5}");
        post(
                "/budgets/{budgetId}/refusal",
                budgetId,
                "{\"reasons\":\"Not needed\",\"reviewRightNotifiedOn\":\"2025-03-02\",\"on\":\"2025-03-02\"}");
        post("/people/{personId}/death", personId, "{\"on\":\"2025-12-01\"}");
        String erasure = "/people/{personId}/erasure";
        check(
                "post",
                erasure,
                Caller.as("admin", port)
                        .post("/api/v1" + filled(erasure, personId), "{\"reason\":\"Kept long enough\"}"));
        get(erasure, personId, "");
        get("/people/{personId}", personId, "");

        post(
                "/budgets/{budgetId}/lines/{lineId}/revision",
                ids.budgetId(),
                "{\"annualAmount\":\"1100.00\",\"from\":\"2025-06-01\",\"reasons\":\"More\"}");
        post(
                "/budgets/{budgetId}/top-ups",
                ids.budgetId(),
                "{\"source\":\"PARENT_TOP_UP\",\"amount\":\"10.00\",\"purpose\":\"Swimming\",\"agreedOn\":\"2025-05-01\"}");
        post(
                "/budgets/{budgetId}/consents",
                ids.budgetId(),
                "{\"consentId\":\"C2\",\"recipientType\":\"NOMINEE\",\"recipientName\":\"Alex\",\"on\":\"2025-05-01\"}");
        post("/budgets/{budgetId}/consents/{consentId}/withdrawal", ids.budgetId() + " C2", "{\"on\":\"2025-05-02\"}");
        get("/budgets/{budgetId}", ids.budgetId(), "");
        get("/budgets", "", "?personId=" + ids.personId());

        String a = ids.accountId();
        post(
                account + "/schedules",
                a,
                "{\"scheduleId\":\"S1\",\"lineId\":\"L1\",\"frequency\":\"QUARTERLY\",\"firstPayOn\":\"2025-04-01\"}");
        get(account + "/schedules", a, "");
        post(
                account + "/payments",
                a,
                "{\"paymentId\":\"P1\",\"lineId\":\"L1\",\"instalmentId\":\"S1.1\",\"amount\":\"250.00\",\"on\":\"2025-04-01\"}");
        post(account + "/payments/{paymentId}/return", a + " P1", "{\"on\":\"2025-04-03\",\"reasonCode\":\"ARUCS-0\"}");
        post(account + "/top-ups", a, "{\"amount\":\"20.00\",\"on\":\"2025-05-01\"}");
        post(account + "/contributions", a, "{\"amount\":\"5.00\",\"on\":\"2025-05-01\"}");
        post(
                account + "/expenditures",
                a,
                "{\"expenditureId\":\"E1\",\"amount\":\"10.00\",\"on\":\"2025-05-02\",\"payee\":\"Pool\",\"mcc\":\"7999\"}");
        post(
                account + "/expenditures/{expenditureId}/reclassification",
                a + " E1",
                "{\"category\":\"ACTIVITY\",\"reason\":\"It was\"}");
        post(account + "/refunds", a, "{\"expenditureId\":\"E1\",\"amount\":\"1.00\",\"on\":\"2025-05-03\"}");
        post(account + "/expenditures/{expenditureId}/reversal", a + " E1", "{\"reason\":\"Twice\"}");
        post(
                account + "/reserves",
                a,
                "{\"reserveId\":\"R1\",\"kind\":\"HOLIDAY_PAY\",\"amount\":\"30.00\",\"until\":\"2027-01-01\",\"reason\":\"Carer\"}");
        post(account + "/reserves/{reserveId}/release", a + " R1", "{}");
        post(account + "/suspension", a, "{\"from\":\"2025-06-01\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}");
        post(account + "/resumption", a, "{\"on\":\"2025-06-10\"}");
        get(account, a, "");
        get("/accounts", "", "?personId=" + ids.personId());
        get(account + "/balance", a, "?asOf=2025-05-31");
        get(account + "/transactions", a, "");
        Opened payee = opened("2025-04-01", "2026-03-31", "1000.00");
        ok(
                finance()
                        .post(
                                "/api/v1/accounts/" + payee.accountId() + "/schedules",
                                "{\"scheduleId\":\"RS\",\"lineId\":\"L1\",\"frequency\":\"ANNUAL\",\"firstPayOn\":\"2025-04-01\"}"));
        String run = "/payment-runs/{runId}";
        post("/payment-runs", "", "{\"runId\":\"R1\",\"cutOff\":\"2025-04-01\",\"payDate\":\"2025-04-07\"}");
        get(run, "R1", "");

        post("/budgets/{budgetId}/end", ids.budgetId(), "{\"on\":\"2025-12-31\",\"cause\":\"MOVED\"}");

        assertThat(lies).isEmpty();
    }

    private void post(String template, String ids, String body) {
        check("post", template, finance().post("/api/v1" + filled(template, ids), body));
    }

    private void get(String template, String ids, String query) {
        check("get", template, finance().get("/api/v1" + filled(template, ids) + query));
    }

    private static String filled(String template, String ids) {
        String path = template.replace("{lineId}", "L1");
        for (String id : ids.split(" ")) {
            path = path.replaceFirst("\\{[A-Za-z]+}", id);
        }
        return path;
    }

    private void check(String method, String template, Caller.Answer answer) {
        ok(answer);
        tried.add(method + " " + template);
        JsonNode described = docs.path("paths")
                .path("/api/v1" + template)
                .path(method)
                .path("responses")
                .path(String.valueOf(answer.status()));
        if (described.isMissingNode()) {
            lies.add(method + " " + template + " answers " + answer.status() + ", which is not described");
            return;
        }
        JsonNode schema = described.path("content").path("application/json").path("schema");
        compare(method + " " + template, schema, answer.json());
    }

    private void compare(String where, JsonNode given, JsonNode value) {
        JsonNode schema = resolved(given);
        if (schema.isMissingNode() || schema.isEmpty()) {
            lies.add(where + " has no description");
            return;
        }
        Set<String> types = types(schema);
        if (value.isNull()) {
            if (!types.contains("null") && !given.toString().contains("\"type\":\"null\"")) {
                lies.add(where + " is null, which is not described");
            }
            return;
        }
        String type = value.isObject()
                ? "object"
                : value.isArray()
                        ? "array"
                        : value.isString()
                                ? "string"
                                : value.isBoolean() ? "boolean" : value.isIntegralNumber() ? "integer" : "number";
        if (!types.contains(type) && !(type.equals("integer") && types.contains("number"))) {
            lies.add(where + " is " + type + ", described as " + types);
            return;
        }
        if (value.isArray()) {
            value.forEach(item -> compare(where + "[]", schema.path("items"), item));
        } else if (value.isObject() && !schema.has("additionalProperties")) {
            Set<String> described = new TreeSet<>(schema.path("properties").propertyNames());
            value.propertyNames().stream()
                    .filter(name -> !described.contains(name))
                    .forEach(name -> lies.add(where + "." + name + " is not described"));
            schema.path("required").forEach(name -> {
                if (!value.has(name.asString())) {
                    lies.add(where + "." + name.asString() + " is required but not there");
                }
            });
            described.stream()
                    .filter(value::has)
                    .forEach(name -> compare(
                            where + "." + name, schema.path("properties").path(name), value.get(name)));
        }
    }

    private JsonNode resolved(JsonNode schema) {
        JsonNode found = schema;
        for (String alternatives : List.of("oneOf", "anyOf", "allOf")) {
            if (found.has(alternatives)) {
                for (JsonNode alternative : found.path(alternatives)) {
                    if (alternative.has("$ref")) {
                        found = alternative;
                    }
                }
            }
        }
        String reference = found.path("$ref").asString("");
        return reference.isEmpty() ? found : docs.at(reference.substring(1));
    }

    private Set<String> types(JsonNode schema) {
        Set<String> types = new TreeSet<>();
        if (schema.path("type").isArray()) {
            schema.path("type").forEach(type -> types.add(type.asString()));
        } else {
            types.add(schema.path("type").asString("object"));
        }
        return types;
    }
}

package uk.directpayments.ledger.payout;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/** A running ledger with accounts to pay, and payment runs that pay them. */
abstract class PayingLedger extends RunningLedger {

    protected static final String RUNS = "/api/v1/payment-runs";
    protected static final String LINE = """
            [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"1200.00"}]""";
    protected static final String BANK = "{\"sortCode\":\"20-00-00\",\"accountNumber\":\"%08d\"}";

    protected int accounts = 10_000_000;

    /** Monthly instalments of 100.00 from 1 April 2025, ten of them for the client to add to. */
    protected Opened scheduled(String bankDetails, String contribution) {
        Opened ids = opened("2025-04-01", "2026-03-31", "1200.00", LINE, bankDetails);
        ok(finance().post("/api/v1/accounts/%s/schedules".formatted(ids.accountId()), """
                {"scheduleId":"%s","lineId":"L1","frequency":"MONTHLY","firstPayOn":"2025-04-01","contributionPerInstalment":"%s"}""".formatted(
                        scheduleOf(ids), contribution)));
        return ids;
    }

    protected static String scheduleOf(Opened ids) {
        return "S-" + ids.accountId();
    }

    protected Opened scheduled() {
        return scheduled(BANK.formatted(accounts++), "10.00");
    }

    protected Caller.Answer create(String cutOff, String payDate) {
        return finance().post(RUNS, "{\"cutOff\":\"%s\",\"payDate\":\"%s\"}".formatted(cutOff, payDate));
    }

    protected String created(String cutOff, String payDate) {
        return ok(create(cutOff, payDate)).json().path("runId").asString();
    }

    protected JsonNode run(String runId, String... query) {
        return ok(finance().get(RUNS + "/" + runId + "?limit=500" + String.join("", query)))
                .json();
    }

    protected Caller.Answer act(Caller who, String runId, String what, String body) {
        return who.post(RUNS + "/" + runId + "/" + what, body);
    }

    protected static List<String> instalments(JsonNode items) {
        List<String> ids = new ArrayList<>();
        items.forEach(item -> ids.add(item.path("instalmentId").asString()));
        return ids;
    }

    protected String balance(Opened ids) {
        return ok(finance().get("/api/v1/accounts/" + ids.accountId() + "/balance"))
                .json()
                .path("balance")
                .asString();
    }
}

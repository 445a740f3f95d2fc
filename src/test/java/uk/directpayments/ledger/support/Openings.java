package uk.directpayments.ledger.support;

/** A person with a final budget and an open account, made over HTTP: of any running ledger. */
final class Openings {

    private Openings() {}

    /** @return the account's id */
    static String open(Caller finance, Caller approver, String name) {
        String budget = "/api/v1/budgets/B-" + name;
        ok(finance.post(
                "/api/v1/people",
                "{\"personId\":\"P-%s\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}".formatted(name)));
        ok(finance.post("/api/v1/budgets", """
                {"budgetId":"B-%s","personId":"P-%s","legalBasis":"CHILD_S17A","requestedOn":"2025-04-01","requestedBy":"Sam Example"}""".formatted(name, name)));
        ok(finance.post(
                budget + "/indicative-amount",
                "{\"amount\":\"9000000.00\",\"from\":\"2025-04-01\",\"to\":\"2026-03-31\",\"method\":\"RAS\"}"));
        ok(approver.post(budget + "/panel-decision", "{\"outcome\":\"APPROVED\",\"decidedOn\":\"2025-04-01\"}"));
        ok(finance.post(budget + "/finalisation", """
                {"from":"2025-04-01","to":"2026-03-31","annualAmount":"9000000.00","lines":[{"lineId":"L1",
                 "fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"9000000.00"}]}"""));
        ok(finance.post(
                budget + "/consents",
                "{\"recipientType\":\"PARENT\",\"recipientName\":\"Sam Example\",\"on\":\"2025-04-01\"}"));
        ok(finance.post("/api/v1/accounts", """
                {"accountId":"A-%s","budgetId":"B-%s","type":"PREPAID_CARD","holderType":"PARENT","openedOn":"2025-04-01","bankDetails":null}""".formatted(name, name)));
        return "A-" + name;
    }

    private static void ok(Caller.Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new AssertionError("refused: " + answer);
        }
    }
}

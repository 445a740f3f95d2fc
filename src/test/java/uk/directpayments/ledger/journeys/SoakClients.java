package uk.directpayments.ledger.journeys;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import uk.directpayments.ledger.support.Caller.Answer;

/** Whom the users of a soak work for: people with budgets and accounts, more of them as it goes on. */
final class SoakClients {

    static final LocalDate FIRST = LocalDate.of(2025, 4, 1);
    static final int DAYS = 300;

    private static final String LINES = RandomHistories.LINES.replace("00.00", "000.00");

    /** A person with a budget and an account; whoever has a card is a client of the support organisation. */
    record Client(String person, String budget, String account, String card) {
        boolean byCard() {
            return !card.isEmpty();
        }
    }

    private final SoakOffice office;
    private final List<Client> all = new CopyOnWriteArrayList<>();

    SoakClients(SoakOffice office) {
        this.office = office;
    }

    List<Client> all() {
        return all;
    }

    /** The organisation, and the first accounts. */
    void open(Random random, int count) {
        office.write(
                random,
                "admin",
                "organisation",
                "/organisations",
                "{\"organisationId\":\"ORG-DEMO\",\"name\":\"Demonstration Support\"}");
        for (int i = 0; i < count; i++) {
            taken(random, i % 2 == 0);
        }
    }

    /** A person taken on, from the request to the account and its schedule. */
    void taken(Random random, boolean byCard) {
        String id = office.fresh("C");
        Client client = new Client("P-" + id, "B-" + id, "A-" + id, byCard ? "CARD-" + id : "");
        String budget = "/budgets/" + client.budget;
        done(office.write(
                random,
                "finance",
                "person",
                "/people",
                "{\"personId\":\"%s\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}"
                        .formatted(client.person)));
        done(office.write(
                random,
                "finance",
                "budget",
                "/budgets",
                "{\"budgetId\":\"%s\",\"personId\":\"%s\",\"legalBasis\":\"CHILD_S17A\",\"requestedOn\":\"2025-04-01\",\"requestedBy\":\"Sam\"}"
                        .formatted(client.budget, client.person)));
        done(office.write(
                random,
                "finance",
                "indicative amount",
                budget + "/indicative-amount",
                "{\"amount\":\"100000.00\",\"from\":\"2025-04-01\",\"to\":\"2026-03-31\",\"method\":\"RAS\"}"));
        done(office.write(
                random,
                "approver",
                "panel decision",
                budget + "/panel-decision",
                "{\"outcome\":\"APPROVED\",\"decidedOn\":\"2025-04-01\"}"));
        done(office.write(
                random,
                "finance",
                "finalisation",
                budget + "/finalisation",
                "{\"from\":\"2025-04-01\",\"to\":\"2026-03-31\",\"annualAmount\":\"100000.00\",\"lines\":" + LINES
                        + "}"));
        done(office.write(
                random,
                "finance",
                "consent",
                budget + "/consents",
                "{\"recipientType\":\"PARENT\",\"recipientName\":\"Sam\",\"on\":\"2025-04-01\"}"));
        done(office.write(
                random,
                "finance",
                "account",
                "/accounts",
                "{\"accountId\":\"%s\",\"budgetId\":\"%s\",\"type\":\"%s\",\"holderType\":\"PARENT\",\"openedOn\":\"2025-04-01\",\"bankDetails\":%s}"
                        .formatted(
                                client.account,
                                client.budget,
                                byCard ? "PREPAID_CARD" : "BANK_ACCOUNT",
                                byCard
                                        ? "{\"cardRef\":\"" + client.card + "\"}"
                                        : "{\"sortCode\":\"200000\",\"accountNumber\":\"%08d\"}"
                                                .formatted(random.nextInt(100_000_000)))));
        done(office.write(
                random,
                "finance",
                "schedule",
                "/accounts/" + client.account + "/schedules",
                "{\"scheduleId\":\"S-%s\",\"lineId\":\"L1\",\"frequency\":\"%s\",\"firstPayOn\":\"%s\"}"
                        .formatted(
                                id, random.nextBoolean() ? "WEEKLY" : "MONTHLY", FIRST.plusDays(random.nextInt(28)))));
        if (byCard) {
            done(office.write(
                    random,
                    "admin",
                    "appointment",
                    "/organisations/ORG-DEMO/appointments",
                    "{\"accountId\":\"%s\",\"from\":\"2025-04-01\"}".formatted(client.account)));
        }
        all.add(client);
    }

    void done(Answer answer) {
        if (answer.status() / 100 != 2) {
            office.surprise("refused while a client was taken on: " + answer);
        }
    }

    // ── helpers ──────────────────────────────────────────────────────────────────────────────────────────────────

    Client any(Random random) {
        return all.get(random.nextInt(all.size()));
    }

    static LocalDate day(Random random) {
        return FIRST.plusDays(random.nextInt(DAYS));
    }

    /** From a penny on. */
    static String money(Random random, int most) {
        int pence = 1 + random.nextInt(most);
        return pence / 100 + "." + (pence % 100 < 10 ? "0" : "") + pence % 100;
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}

package uk.directpayments.ledger.journeys;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.ChildLedger;

/** What finance, support organisation and administrator do all day in a soak; {@link SoakAuditor} watches. */
final class SoakUsers {

    /** Beyond these no further account is opened. */
    private static final int MOST_CLIENTS = 120;

    private static final String[] MCCS = {"5411", "7995", "5122", "4121", "5813", "8351"};
    private static final String FEED = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc,cashback\n";

    private final SoakOffice office;
    private final SoakClients clients;

    SoakUsers(SoakOffice office, SoakClients clients) {
        this.office = office;
        this.clients = clients;
    }

    // ── finance ──────────────────────────────────────────────────────────────────────────────────────────────────

    /** One officer, until the office closes. */
    void finance(Random random) {
        List<String> spent = new ArrayList<>();
        List<String> paid = new ArrayList<>();
        while (!office.isOver()) {
            SoakClients.Client client = clients.any(random);
            String account = "/accounts/" + client.account();
            int what = random.nextInt(100);
            if (what < 34) {
                spend(random, "finance", client, spent);
            } else if (what < 46) {
                String id = office.fresh("PAY");
                Answer answer = office.write(
                        random,
                        "finance",
                        "payment",
                        account + "/payments",
                        "{\"paymentId\":\"%s\",\"lineId\":\"L%d\",\"amount\":\"%s\",\"on\":\"%s\"}"
                                .formatted(
                                        id,
                                        1 + random.nextInt(3),
                                        SoakClients.money(random, 60_000),
                                        SoakClients.day(random)));
                remember(answer, paid, account + "/payments/" + id);
            } else if (what < 49 && !paid.isEmpty()) {
                office.write(
                        random,
                        "finance",
                        "return of a payment",
                        paid.remove(random.nextInt(paid.size())) + "/return",
                        "{\"on\":\"%s\",\"reasonCode\":\"R1\"}".formatted(SoakClients.day(random)));
            } else if (what < 55) {
                boolean contribution = random.nextBoolean();
                office.write(
                        random,
                        "finance",
                        contribution ? "contribution" : "top-up",
                        account + (contribution ? "/contributions" : "/top-ups"),
                        "{\"amount\":\"%s\",\"on\":\"%s\"%s}"
                                .formatted(
                                        SoakClients.money(random, 5_000),
                                        SoakClients.day(random),
                                        contribution ? "" : ",\"source\":\"PARENT_TOP_UP\""));
            } else if (what < 63 && !spent.isEmpty()) {
                office.write(
                        random,
                        "finance",
                        "reversal",
                        spent.remove(random.nextInt(spent.size())) + "/reversal",
                        "{\"reason\":\"Wrong\"}");
            } else if (what < 68 && !spent.isEmpty()) {
                String of = spent.get(random.nextInt(spent.size()));
                office.write(
                        random,
                        "finance",
                        "refund",
                        of.substring(0, of.indexOf("/expenditures")) + "/refunds",
                        "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\"}"
                                .formatted(
                                        of.substring(of.lastIndexOf('/') + 1),
                                        SoakClients.money(random, 5_000),
                                        SoakClients.day(random)));
            } else if (what < 72 && !spent.isEmpty()) {
                office.writeIfNeedBe(
                        random,
                        "finance",
                        "reclassification",
                        spent.get(random.nextInt(spent.size())) + "/reclassification",
                        "{\"category\":\"C%d\",\"reason\":\"Seen\"}".formatted(random.nextInt(4)));
            } else if (what < 74) {
                office.writeIfNeedBe(
                        random,
                        "finance",
                        "revision of a line",
                        "/budgets/" + client.budget() + "/lines/L" + (1 + random.nextInt(3)) + "/revision",
                        "{\"annualAmount\":\"%s\",\"from\":\"%s\",\"reasons\":\"Review\",\"noticeGivenOn\":\"2025-04-01\"}"
                                .formatted(SoakClients.money(random, 6_000_000), SoakClients.day(random)));
            } else if (what < 76) {
                office.write(
                        random,
                        "finance",
                        "stay",
                        "/people/" + client.person() + "/residential-stays",
                        "{\"accountId\":\"%s\",\"provider\":\"House\",\"setting\":\"CARE_HOME\",\"admitted\":\"%s\",\"discharged\":\"%s\",\"fundedByDirectPayment\":true,\"status\":\"ACTUAL\",\"acknowledgeLimit\":true}"
                                .formatted(
                                        client.account(),
                                        SoakClients.FIRST.plusDays(random.nextInt(100)),
                                        SoakClients.FIRST.plusDays(100 + random.nextInt(20))));
            } else if (what < 78) {
                boolean away = random.nextBoolean();
                office.writeIfNeedBe(
                        random,
                        "finance",
                        away ? "suspension" : "resumption",
                        account + (away ? "/suspension" : "/resumption"),
                        away
                                ? "{\"from\":\"%s\",\"cause\":\"HOSPITAL\",\"reason\":\"Away\"}"
                                        .formatted(SoakClients.day(random))
                                : "{\"on\":\"%s\"}".formatted(SoakClients.day(random)));
            } else if (what < 86) {
                flag(random, client);
            } else if (what < 87 && clients.all().size() < MOST_CLIENTS) {
                clients.taken(random, random.nextBoolean());
            } else {
                office.read(random, "finance", account);
                office.read(random, "finance", account + "/transactions?limit=50&asOf=" + SoakClients.day(random));
            }
            office.pause(random, 150);
        }
    }

    /** An expenditure; then, now and again, what the next user sees of it on whichever node. */
    private void spend(Random random, String user, SoakClients.Client client, List<String> spent) {
        String id = office.fresh("E");
        String on = SoakClients.day(random).toString();
        String account = "/accounts/" + client.account();
        Answer answer = office.write(
                random,
                user,
                "expenditure",
                account + "/expenditures",
                "{\"expenditureId\":\"%s\",\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Payee %d\",\"mcc\":\"%s\"}"
                        .formatted(
                                id,
                                SoakClients.money(random, 20_000),
                                on,
                                random.nextInt(9),
                                MCCS[random.nextInt(MCCS.length)]));
        remember(answer, spent, account + "/expenditures/" + id);
        if (answer.status() == 201 && random.nextInt(8) == 0) {
            Answer seen = office.read(
                    random,
                    user,
                    account + "/transactions?limit=500&from=" + on + "&to=" + on,
                    "Ledger-Position",
                    answer.header("Ledger-Position"));
            office.count("own writes looked for");
            if (!seen.response().body().contains("\"" + id + "\"")
                    && seen.json().path("next").isNull()) {
                office.surprise(id + " was answered " + answer + ", and is not in " + seen);
            }
        }
    }

    private static void remember(Answer answer, List<String> known, String path) {
        if (answer.status() == 201 && known.size() < 500) {
            known.add(path);
        }
    }

    /** One that waits for a decision is decided, with or without evidence. */
    private void flag(Random random, SoakClients.Client client) {
        JsonNode items = office.read(random, "finance", "/flags?state=RAISED&limit=20&accountId=" + client.account())
                .json()
                .path("items");
        if (items.isEmpty()) {
            return;
        }
        JsonNode flag = items.get(random.nextInt(items.size()));
        String path = "/flags/" + flag.path("flagId").asString();
        if (random.nextBoolean()) {
            office.write(random, "finance", "dismissal of a flag", path + "/dismissal", "{\"reason\":\"Explained\"}");
            return;
        }
        office.write(
                random,
                "finance",
                "evidence",
                path + "/evidence",
                "{\"sha256\":\"" + "ab".repeat(32) + "\",\"name\":\"receipt.pdf\"}");
        office.write(
                random,
                "finance",
                "upholding of a flag",
                path + "/upholding",
                "{\"amount\":\"%s\",\"ground\":\"OFF_PLAN\",\"reason\":\"Not in the plan\"}"
                        .formatted(flag.path("amount").asString()));
    }

    // ── payment runs ─────────────────────────────────────────────────────────────────────────────────────────────

    /** A run after the other, each from its selection to its end; every file is the same on every node. */
    void payer(Random random) {
        for (int number = 0; !office.isOver(); number++) {
            String id = office.fresh("RUN");
            String run = "/payment-runs/" + id;
            Answer created = office.write(
                    random,
                    "finance",
                    "payment run",
                    "/payment-runs",
                    "{\"runId\":\"%s\",\"cutOff\":\"%s\",\"payDate\":\"2026-03-27\"}"
                            .formatted(id, SoakClients.FIRST.plusDays(Math.min(360, number * 7L))));
            if (created.status() == 201) {
                office.write(random, "approver", "approval of a run", run + "/approval", "{}");
                JsonNode issued = issued(random, run);
                if (!issued.path("items").isEmpty()
                        && issued.path("state").asString().equals("APPROVED")) {
                    file(random, run);
                    office.write(
                            random,
                            "finance",
                            "submission of a run",
                            run + "/submission",
                            "{\"on\":\"2026-03-25\",\"channel\":\"BACS\"}");
                    JsonNode item = issued.path("items")
                            .get(random.nextInt(issued.path("items").size()));
                    office.write(
                            random,
                            "finance",
                            "rejection of a payment",
                            run + "/rejections",
                            "{\"rejections\":[{\"instalmentId\":\"%s\",\"accountId\":\"%s\",\"reasonCode\":\"AC04\"}]}"
                                    .formatted(
                                            item.path("instalmentId").asString(),
                                            item.path("accountId").asString()));
                }
                office.writeIfNeedBe(random, "finance", "end of a run", run + "/close", "{}");
            }
            office.pause(random, 12_000);
        }
    }

    private JsonNode issued(Random random, String run) {
        for (int i = 0; ; i++) {
            JsonNode read = office.read(random, "finance", run + "?limit=100").json();
            if (!read.path("state").asString().equals("APPROVED")
                    || read.path("progress").path("toIssue").asInt() == 0) {
                return read;
            }
            if (i > 1_200) {
                office.surprise("a run is not issued to its end: " + read.path("progress"));
                return read;
            }
            ChildLedger.sleep(200);
        }
    }

    private void file(Random random, String run) {
        String path = "/api/v1" + run + "/file?format=bacs-standard-18";
        List<Answer> files = IntStream.range(0, 3)
                .mapToObj(i ->
                        office.decided(random, path, node -> node.as("finance").get(path)))
                .toList();
        if (files.stream().map(file -> file.response().body()).distinct().count() != 1
                && files.stream().allMatch(file -> file.status() == 200)) {
            office.surprise("the file of " + run + " is not always the same");
        }
        office.count("files of runs compared");
    }

    // ── the support organisation ─────────────────────────────────────────────────────────────────────────────────

    /** Uploads what cards have spent, sometimes the same file again, and writes spending down by hand. */
    void support(Random random) {
        List<String> spent = new ArrayList<>();
        while (!office.isOver()) {
            SoakClients.Client client = clients.any(random);
            if (!client.byCard()) {
                Answer hidden = office.decided(
                        random,
                        client.account(),
                        node -> node.as("support").get("/api/v1/accounts/" + client.account()));
                office.count("accounts of others asked for");
                if (hidden.status() != 404) {
                    office.surprise("support sees what is not its own: " + hidden);
                }
            } else if (random.nextInt(4) == 0) {
                upload(random, client);
            } else {
                spend(random, "support", client, spent);
            }
            office.pause(random, 500);
        }
    }

    private void upload(Random random, SoakClients.Client client) {
        int lines = 1 + random.nextInt(30);
        StringBuilder file = new StringBuilder(FEED);
        for (int i = 0; i < lines; i++) {
            file.append("%s,%s,%sT12:00:00Z,PURCHASE,-%s,GBP,Shop %d,%s,\n"
                    .formatted(
                            client.card(),
                            office.fresh("T"),
                            SoakClients.day(random),
                            SoakClients.money(random, 4_000),
                            random.nextInt(9),
                            MCCS[random.nextInt(MCCS.length)]));
        }
        JsonNode answer = office.upload(random, "support", file.toString()).json();
        if (answer.path("lines").asInt() != lines
                || answer.path("recorded").asInt() + answer.path("rejected").size() != lines) {
            office.surprise("a feed of " + lines + " lines was answered " + answer);
        }
        if (random.nextInt(4) == 0) {
            JsonNode again = office.upload(random, "support", file.toString()).json();
            office.count("feeds sent again");
            if (again.path("recorded").asInt() != 0) {
                office.surprise("a feed sent again was recorded again: " + again);
            }
        }
    }

    // ── the administrator ────────────────────────────────────────────────────────────────────────────────────────

    /** Publishes policies, and erases people who have come and gone. */
    void admin(Random random) {
        while (!office.isOver()) {
            String person = office.fresh("GONE");
            clients.done(office.write(
                    random,
                    "finance",
                    "person",
                    "/people",
                    "{\"personId\":\"%s\",\"name\":\"Kim Gone\",\"dateOfBirth\":\"1950-05-01\"}".formatted(person)));
            Answer erased = office.write(
                    random, "admin", "erasure", "/people/" + person + "/erasure", "{\"reason\":\"Time is over\"}");
            clients.done(erased);
            Answer read = office.read(
                    random, "finance", "/people/" + person, "Ledger-Position", erased.header("Ledger-Position"));
            // other nodes forget a key within a minute
            if (!read.json().path("name").asString().equals("[erased]")) {
                office.count("names still known to the other node just after an erasure");
            }
            if (random.nextInt(6) == 0) {
                office.write(
                        random,
                        "admin",
                        "policy",
                        "/policies",
                        "{\"effectiveFrom\":\"%s\",\"settings\":{\"mcc.5311\":{\"decision\":\"%s\"}}}"
                                .formatted(
                                        BusinessDay.today(Clock.systemUTC()).plusDays(1 + random.nextInt(300)),
                                        random.nextBoolean() ? "ALLOWED" : "QUERY"));
            }
            office.pause(random, 20_000);
        }
    }
}

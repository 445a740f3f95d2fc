package uk.directpayments.ledger.demo;

import static uk.directpayments.ledger.demo.Office.fields;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;

/**
 * One synthetic person and what the council does for them: the words in which {@link Stories} are told, each a request or a few. What
 * lies after today is left out. Amounts and days differ from person to person, by a fixed seed, and are the same every time.
 */
final class CaseFile {

    private static final long SEED = 2014;
    private static final int MOST_PURCHASES = 3;

    private final Office office;
    private final FinancialYears years;
    private final Random random;
    private final String number;
    private final List<Runnable> mistakes = new ArrayList<>();

    private String budgetId;
    private String accountId;
    private int accounts;
    private int payments;
    private int purchases;
    private boolean paysByCard;
    private String spender = "finance";

    CaseFile(Office office, FinancialYears years, int number) {
        this.office = office;
        this.years = years;
        this.random = new Random(SEED * number);
        this.number = "%02d".formatted(number);
        this.budgetId = "BUDGET-" + this.number;
        this.accountId = "ACC-" + this.number;
    }

    FinancialYears years() {
        return years;
    }

    String personId() {
        return "PERSON-" + number;
    }

    /** Varies an amount of pounds by person, in steps of 120, so that it divides by twelve. */
    int about(int pounds) {
        return pounds + 120 * random.nextInt(10);
    }

    /** What will be found wrong and corrected once everybody's story has been told. */
    void later(Runnable correction) {
        mistakes.add(correction);
    }

    void correct() {
        mistakes.forEach(Runnable::run);
    }

    /** The id of the flag that one of the person's expenditures has for a reason. */
    String flag(String expenditureId, String reason) {
        for (JsonNode flag : office.get("finance", "/flags?accountId=" + accountId + "&reason=" + reason)
                .path("items")) {
            if (flag.path("transactionId").asString().equals(expenditureId)) {
                return flag.path("flagId").asString();
            }
        }
        throw new IllegalStateException("no flag " + reason + " on " + expenditureId);
    }

    JsonNode post(String user, String path, @Nullable Object... namesAndValues) {
        return office.post(user, path, fields(namesAndValues));
    }

    // ── the person and the budget ────────────────────────────────────────────────────────────────────────────────

    /** @param age on the first day of the history, and some months */
    void register(String name, int age) {
        LocalDate born = years.lastFrom().minusYears(age).minusDays(10 + random.nextInt(300));
        post(
                "finance",
                "/people",
                "personId",
                personId(),
                "name",
                name,
                "dateOfBirth",
                born,
                "reference",
                "TEST-" + number);
    }

    void request(LegalBasis basis, LocalDate from) {
        post(
                "finance",
                "/budgets",
                "budgetId",
                budgetId,
                "personId",
                personId(),
                "legalBasis",
                basis,
                "ehcPlanRef",
                basis == LegalBasis.SEN_S49 ? "EHCP-TEST-" + number : null,
                "exclusionCheckedOn",
                from.minusDays(50),
                "requestedOn",
                from.minusDays(60),
                "requestedBy",
                "A synthetic social worker");
    }

    void indicative(Money amount, LocalDate from, LocalDate to) {
        post("finance", budget("/indicative-amount"), "amount", amount, "from", from, "to", to, "method", "RAS");
    }

    void panel(String outcome, @Nullable Money amount, @Nullable String reasons, LocalDate on) {
        post(
                "approver",
                budget("/panel-decision"),
                "outcome",
                outcome,
                "amount",
                amount,
                "reasons",
                reasons,
                "decidedOn",
                on);
    }

    void refuse(String reasons, LocalDate on) {
        post("approver", budget("/refusal"), "reasons", reasons, "reviewRightNotifiedOn", on, "on", on);
    }

    /** From request to final budget, over both years. */
    void agree(LegalBasis basis, Line... lines) {
        agree(basis, years.lastFrom(), years.thisTo(), lines);
    }

    void agree(LegalBasis basis, LocalDate from, LocalDate to, Line... lines) {
        Money all = Stream.of(lines).map(Line::annualAmount).reduce(Money.ZERO, Money::plus);
        request(basis, from);
        if (random.nextInt(4) == 0) {
            indicative(all.plus(Money.ofPence(60_000)), from, to);
            panel("APPROVED_LOWER", all, "As costed in the plan", from.minusDays(20));
        } else {
            indicative(all, from, to);
            panel("APPROVED", null, null, from.minusDays(20));
        }
        List<Map<String, Object>> finalLines = Stream.of(lines)
                .map(line -> fields(
                        "lineId",
                        line.lineId(),
                        "fundingSource",
                        line.source(),
                        "mode",
                        line.mode(),
                        "category",
                        line.category(),
                        "annualAmount",
                        line.annualAmount(),
                        "outcome",
                        "A synthetic outcome",
                        "allows",
                        line.allows()))
                .toList();
        post("finance", budget("/finalisation"), "from", from, "to", to, "annualAmount", all, "lines", finalLines);
    }

    void consent(String recipient, LocalDate on) {
        post(
                "finance",
                budget("/consents"),
                "consentId",
                "CONSENT-1",
                "recipientType",
                recipient,
                "recipientName",
                "A synthetic recipient",
                "on",
                on);
    }

    /** The person's next budget: what follows concerns this one and its accounts. */
    void nextBudget() {
        budgetId += "-NEXT";
    }

    String budget(String rest) {
        return "/budgets/" + budgetId + rest;
    }

    // ── the account ──────────────────────────────────────────────────────────────────────────────────────────────

    /** @param type {@code PREPAID_CARD} or {@code BANK_ACCOUNT} */
    void open(String type, String holder, LocalDate on) {
        paysByCard = type.equals("PREPAID_CARD");
        spender = "finance";
        open(type, holder, null, on);
    }

    /** An account that the demonstration organisation looks after: it, too, writes down what is spent. */
    void openAtOrganisation(String type, LocalDate on) {
        paysByCard = false;
        open(type, "ORGANISATION", SyntheticCouncil.ORGANISATION, on);
        post(
                "admin",
                "/organisations/" + SyntheticCouncil.ORGANISATION + "/appointments",
                "accountId",
                accountId,
                "from",
                on);
        spender = "support";
    }

    private void open(String type, String holder, @Nullable String organisationId, LocalDate on) {
        accounts++;
        accountId = "ACC-" + number + (accounts == 1 ? "" : "-" + accounts);
        post(
                "finance",
                "/accounts",
                "accountId",
                accountId,
                "budgetId",
                budgetId,
                "type",
                type,
                "holderType",
                holder,
                "organisationId",
                organisationId,
                "bankDetails",
                paysByCard
                        ? fields("cardRef", "CARD-TEST-" + number + "-" + accounts)
                        : fields("sortCode", "000000", "accountNumber", "000" + number + "00" + accounts),
                "openedOn",
                on);
    }

    String account(String rest) {
        return "/accounts/" + accountId + rest;
    }

    /** @param contribution what the person pays towards each instalment, null for nothing */
    record Instalment(
            String lineId,
            String instalmentId,
            LocalDate payOn,
            Money amount,
            @Nullable Money contribution) {}

    List<Instalment> schedule(String lineId, String frequency, LocalDate firstPayOn, @Nullable Money contribution) {
        JsonNode scheduled = post(
                "finance",
                account("/schedules"),
                "scheduleId",
                accountId + "-" + lineId,
                "lineId",
                lineId,
                "frequency",
                frequency,
                "firstPayOn",
                firstPayOn,
                "contributionPerInstalment",
                contribution);
        List<Instalment> instalments = new ArrayList<>();
        for (JsonNode instalment : scheduled.path("instalments")) {
            instalments.add(new Instalment(
                    lineId,
                    instalment.path("instalmentId").asString(),
                    LocalDate.parse(instalment.path("payOn").asString()),
                    Money.parse(instalment.path("amount").asString()),
                    contribution));
        }
        return instalments;
    }

    /** @return the payment's id */
    String pay(Instalment instalment, LocalDate on) {
        return pay(instalment.lineId(), instalment.instalmentId(), instalment.amount(), instalment.contribution(), on);
    }

    String pay(String lineId, @Nullable String instalmentId, Money amount, @Nullable Money contribution, LocalDate on) {
        String paymentId = "PAY-%03d".formatted(++payments);
        post(
                "finance",
                account("/payments"),
                "paymentId",
                paymentId,
                "lineId",
                lineId,
                "instalmentId",
                instalmentId,
                "amount",
                amount,
                "contribution",
                contribution,
                "on",
                on);
        return paymentId;
    }

    /** Pays what is due from one day to before another, and spends a part of each payment, in percent, in the days that follow. */
    void live(List<Instalment> instalments, LocalDate from, LocalDate before, List<Shop> shops, int percent) {
        for (Instalment due : instalments) {
            LocalDate on = due.payOn();
            if (on.isBefore(from) || !on.isBefore(before) || on.isAfter(lastPaidSingly())) {
                continue;
            }
            pay(due, on);
            if (due.contribution() != null && !on.plusDays(1).isAfter(years.today())) {
                post("finance", account("/contributions"), "amount", due.contribution(), "on", on.plusDays(1));
            }
            spend(Money.ofPence(pence(due.amount()) * percent / 100), on.plusDays(2), shops);
        }
    }

    /** What fell due at a bank account since is left to the payment runs of the {@link Desk}. */
    private LocalDate lastPaidSingly() {
        return paysByCard ? years.today() : years.today().minusDays(Desk.DAYS_LEFT_TO_RUNS);
    }

    void live(List<Instalment> instalments, List<Shop> shops, int percent) {
        live(instalments, years.lastFrom(), years.thisTo(), shops, percent);
    }

    private static long pence(Money money) {
        return new BigDecimal(money.toString()).movePointRight(2).longValueExact();
    }

    /** Spends an amount in a few purchases, every few days. */
    private void spend(Money amount, LocalDate from, List<Shop> shops) {
        List<Money> weights = new ArrayList<>();
        for (int i = random.nextInt(MOST_PURCHASES); i >= 0; i--) {
            weights.add(Money.ofPence(50 + random.nextInt(100)));
        }
        LocalDate on = from;
        for (Money part : amount.shared(weights)) {
            buy(shops.get(random.nextInt(shops.size())), part, on);
            on = on.plusDays(1 + random.nextInt(7));
        }
    }

    /** @return the expenditure's id, also of one that is left out because its day is still to come */
    String buy(Shop shop, Money amount, LocalDate on) {
        String expenditureId = "EXP-%03d".formatted(++purchases);
        if (!on.isAfter(years.today())) {
            post(
                    purchases % 2 == 0 ? "finance" : spender,
                    account("/expenditures"),
                    "expenditureId",
                    expenditureId,
                    "amount",
                    amount,
                    "on",
                    on,
                    "payee",
                    shop.payee(),
                    "category",
                    shop.category(),
                    "mcc",
                    paysByCard ? shop.mcc() : null,
                    "type",
                    shop.type(),
                    "externalRef",
                    paysByCard ? "TXN-" + number + "-" + expenditureId : null);
        }
        return expenditureId;
    }

    // ── residential stays ────────────────────────────────────────────────────────────────────────────────────────

    /** A stay of some nights that has been, or (after today) is planned. */
    void stay(String stayId, String setting, LocalDate admitted, int nights, boolean paid) {
        LocalDate discharged = admitted.plusDays(nights);
        boolean planned = discharged.isAfter(years.today());
        post(
                "finance",
                stays(""),
                "stayId",
                stayId,
                "accountId",
                accountId,
                "provider",
                "Specimen House",
                "setting",
                setting,
                "admitted",
                admitted,
                "discharged",
                discharged,
                "fundedByDirectPayment",
                paid,
                "status",
                planned ? "PLANNED" : "ACTUAL");
    }

    String stays(String rest) {
        return "/people/" + personId() + "/residential-stays" + rest;
    }
}

package uk.directpayments.ledger.demo;

import static uk.directpayments.ledger.demo.Stories.MOST;
import static uk.directpayments.ledger.demo.Stories.adultAtBank;
import static uk.directpayments.ledger.demo.Stories.childCare;
import static uk.directpayments.ledger.demo.Stories.childOnCard;
import static uk.directpayments.ledger.demo.Stories.pounds;
import static uk.directpayments.ledger.demo.Stories.register;
import static uk.directpayments.ledger.kernel.LegalBasis.CHILD_S17A;

import java.time.LocalDate;
import java.util.List;
import uk.directpayments.ledger.demo.CaseFile.Instalment;
import uk.directpayments.ledger.kernel.Money;

/** The stories in which something goes another way: mistakes, a death, a stay, money sent back, too much or too little spent. */
final class Turns {

    private static final int WHOLE = 100;

    private Turns() {}

    /** Wrong amounts, a wrong category and goods sent back; found only after everybody's books were written. */
    static void corrections(CaseFile file) {
        LocalDate on = file.years().lastYear(70);
        file.live(childOnCard(file), Shop.CARE, 80);
        Shop shop = Shop.AGENCY;
        String wrong = file.buy(shop, pounds(310), on);
        String unclear = file.buy(Shop.SUPERMARKET, pounds(42), on.plusDays(2));
        String sentBack = file.buy(Shop.STATIONERS, pounds(75), on.plusDays(5));
        String twice = file.buy(shop, pounds(55), on.plusDays(9));
        file.later(() -> {
            file.post(
                    "approver",
                    file.account("/expenditures/" + wrong + "/reversal"),
                    "reason",
                    "It was 31 pounds, not 310");
            file.buy(shop, pounds(31), on);
            file.post(
                    "finance",
                    file.account("/expenditures/" + unclear + "/reclassification"),
                    "category",
                    "FOOD",
                    "reason",
                    "The receipt shows groceries");
            file.post(
                    "finance",
                    file.account("/refunds"),
                    "refundId",
                    "REFUND-1",
                    "expenditureId",
                    sentBack,
                    "amount",
                    pounds(25),
                    "on",
                    on.plusDays(30));
            file.post(
                    "finance",
                    file.account("/expenditures/" + twice + "/reversal"),
                    "reason",
                    "Charged twice; put right by the shop a month later",
                    "on",
                    on.plusDays(40));
        });
    }

    static void died(CaseFile file) {
        LocalDate on = file.years().lastYear(200);
        file.live(adultAtBank(file, pounds(40)), file.years().lastFrom(), on, Shop.WAGES, MOST);
        file.post("finance", "/people/" + file.personId() + "/death", "on", on);
        file.buy(Shop.ASSISTANT, pounds(180), on.plusDays(6));
    }

    static void returnedPayment(CaseFile file) {
        LocalDate before = file.years().lastYear(100);
        List<Instalment> instalments = adultAtBank(file, Money.ZERO);
        file.live(instalments, file.years().lastFrom(), before, Shop.WAGES, MOST);
        Instalment sentBack = instalments.stream()
                .filter(due -> !due.payOn().isBefore(before))
                .findFirst()
                .orElseThrow();
        String payment = file.pay(sentBack, sentBack.payOn());
        file.post(
                "finance",
                file.account("/payments/" + payment + "/return"),
                "on",
                sentBack.payOn().plusDays(2),
                "reasonCode",
                "ARUCS-2");
        file.pay(sentBack, sentBack.payOn().plusDays(7));
        file.live(instalments, sentBack.payOn().plusDays(1), file.years().thisTo(), Shop.WAGES, MOST);
    }

    /** Payments stop for the weeks in hospital; what fell due then is paid afterwards. */
    static void inHospital(CaseFile file) {
        LocalDate in = file.years().lastYear(150);
        LocalDate out = in.plusDays(40);
        List<Instalment> instalments = adultAtBank(file, Money.ZERO);
        file.live(instalments, file.years().lastFrom(), in, Shop.WAGES, MOST);
        file.stay("STAY-1", "HOSPITAL", in, 40, false);
        file.post(
                "finance",
                file.account("/suspension"),
                "from",
                in,
                "cause",
                "HOSPITAL",
                "reason",
                "In hospital for a while");
        file.post("finance", file.account("/resumption"), "on", out);
        for (Instalment due : instalments) {
            if (!due.payOn().isBefore(in) && due.payOn().isBefore(out)) {
                file.pay(due, out.plusDays(1));
            }
        }
        file.live(instalments, out, file.years().thisTo(), Shop.WAGES, MOST);
    }

    /** Weekends away, one day of them counted wrongly at first, one written down that never was, and one still planned. */
    static void shortBreaks(CaseFile file) {
        file.live(childOnCard(file), Shop.CARE, 85);
        for (int i = 1; i <= 6; i++) {
            file.stay("STAY-" + i, "RESIDENTIAL_SHORT_BREAK_UNIT", file.years().lastYear(40 * i), 2 + i % 3, true);
        }
        file.stay(
                "STAY-7", "RESIDENTIAL_SHORT_BREAK_UNIT", file.years().thisTo().minusDays(3), 3, true);
        file.later(() -> {
            file.post(
                    "finance",
                    file.stays("/STAY-2/amendment"),
                    "discharged",
                    file.years().lastYear(80).plusDays(3),
                    "reason",
                    "Came home a day earlier");
            file.post("finance", file.stays("/STAY-4/void"), "reason", "Cancelled on the day; nobody told us");
        });
    }

    static void respite(CaseFile file) {
        file.live(adultAtBank(file, pounds(20)), Shop.WAGES, 88);
        file.stay("STAY-1", "CARE_HOME", file.years().lastYear(90), 14, true);
        file.stay("STAY-2", "CARE_HOME", file.years().lastYear(112), 10, true);
    }

    static void reserves(CaseFile file) {
        file.live(adultAtBank(file, Money.ZERO), Shop.WAGES, 85);
        LocalDate until = file.years().thisTo();
        reserve(file, "RESERVE-1", "HOLIDAY_PAY", 450, until);
        reserve(file, "RESERVE-2", "REDUNDANCY", 900, until.plusYears(2));
        file.later(() -> file.post("finance", file.account("/reserves/RESERVE-1/release")));
    }

    private static void reserve(CaseFile file, String reserveId, String kind, int pounds, LocalDate until) {
        file.post(
                "finance",
                file.account("/reserves"),
                "reserveId",
                reserveId,
                "kind",
                kind,
                "amount",
                pounds(pounds),
                "until",
                until,
                "reason",
                "A personal assistant is employed");
    }

    static void revisedInMidYear(CaseFile file) {
        LocalDate half = file.years().lastYear(183);
        List<Instalment> instalments = childOnCard(file);
        file.live(instalments, file.years().lastFrom(), half, Shop.CARE, MOST);
        file.post(
                "finance",
                file.budget("/lines/CARE/revision"),
                "annualAmount",
                pounds(7_200),
                "from",
                half,
                "reasons",
                "More hours after the review",
                "noticeGivenOn",
                half.minusDays(28));
        file.pay("CARE", null, pounds(400), null, half.plusDays(5));
        file.live(instalments, half, file.years().thisTo(), Shop.CARE, MOST);
    }

    static void parentTopUp(CaseFile file) {
        LocalDate from = file.years().lastYear(20);
        List<Instalment> instalments = childOnCard(file);
        file.post(
                "finance",
                file.budget("/top-ups"),
                "source",
                "PARENT_TOP_UP",
                "amount",
                pounds(360),
                "purpose",
                "A dearer club",
                "agreedOn",
                from);
        for (int month = 0; month < 6; month++) {
            file.post(
                    "finance",
                    file.account("/top-ups"),
                    "amount",
                    pounds(60),
                    "source",
                    "PARENT_TOP_UP",
                    "on",
                    from.plusMonths(month));
        }
        file.live(instalments, Shop.CARE, WHOLE);
    }

    static void overspent(CaseFile file) {
        file.live(childOnCard(file), Shop.CARE, 112);
    }

    static void surplus(CaseFile file) {
        file.live(adultAtBank(file, Money.ZERO), Shop.WAGES, 40);
        LocalDate today = file.years().today();
        file.later(() -> {
            file.post("finance", file.account("/recoveries"), "recoveryId", "RECOVERY-1", "amount", pounds(600));
            file.post("approver", file.account("/recoveries/RECOVERY-1/approval"));
            file.post("finance", file.account("/recoveries/RECOVERY-1/receipt"), "amount", pounds(250), "on", today);
        });
    }

    /** Everything of last year was spent, and the account is closed. */
    static void closed(CaseFile file) {
        LocalDate last = file.years().lastTo();
        register(file, 16);
        file.agree(CHILD_S17A, file.years().lastFrom(), last, childCare(file.about(3_000)));
        file.consent("PARENT", file.years().lastFrom());
        file.open("PREPAID_CARD", "PARENT", file.years().lastFrom());
        List<Instalment> instalments =
                file.schedule("CARE", "MONTHLY", file.years().lastFrom().plusDays(2), null);
        file.live(instalments, file.years().lastFrom(), last, Shop.CARE, WHOLE);
        Money extra = pounds(12);
        file.post(
                "finance",
                file.account("/top-ups"),
                "amount",
                extra,
                "source",
                "COUNCIL_TOP_UP",
                "on",
                last.minusDays(1));
        file.buy(Shop.COUNCIL, extra, last);
        file.post("finance", file.account("/closure"), "on", last);
    }

    static void budgetOfEachYear(CaseFile file) {
        LocalDate from = file.years().lastFrom();
        register(file, 8);
        oneYear(file, from, file.years().lastTo(), 4_200);
        file.nextBudget();
        oneYear(file, file.years().thisFrom(), file.years().thisTo(), 4_800);
    }

    private static void oneYear(CaseFile file, LocalDate from, LocalDate to, int pounds) {
        file.agree(CHILD_S17A, from, to, childCare(pounds));
        file.consent("PARENT", from.minusDays(5));
        file.open("PREPAID_CARD", "PARENT", from);
        file.live(file.schedule("CARE", "MONTHLY", from.plusDays(7), null), from, to, Shop.CARE, MOST);
    }

    static void oddSpending(CaseFile file) {
        LocalDate on = file.years().lastYear(60);
        file.live(childOnCard(file), Shop.CARE, 85);
        String bet = file.buy(Shop.BETTING, pounds(40), on);
        String wine = file.buy(Shop.OFF_LICENCE, Money.ofPence(2_399), on.plusDays(12));
        for (int i = 0; i < 5; i++) {
            file.buy(Shop.CASH_MACHINE, pounds(50), on.plusDays(30 + 3L * i));
        }
        file.buy(Shop.SUPERMARKET, Money.ofPence(6_125), on.plusDays(55));
        file.later(() -> {
            upheldAndPartlyRepaid(file, "/flags/" + file.flag(bet, "GAMBLING"));
            file.post(
                    "approver",
                    "/flags/" + file.flag(wine, "ALCOHOL") + "/dismissal",
                    "reason",
                    "Soft drinks for a birthday party, says the receipt");
        });
    }

    private static void upheldAndPartlyRepaid(CaseFile file, String flag) {
        LocalDate today = file.years().today();
        file.post(
                "approver",
                flag + "/upholding",
                "amount",
                pounds(40),
                "ground",
                "PROHIBITED",
                "reason",
                "A bet; the parent agrees",
                "waiver",
                true);
        file.post(
                "finance",
                flag + "/repayment-request",
                "amount",
                pounds(40),
                "due",
                today.plusDays(28),
                "debtor",
                "A synthetic recipient");
        file.post("finance", flag + "/repayments", "amount", pounds(25), "on", today, "method", "BANK_TRANSFER");
    }

    static void nameCorrected(CaseFile file) {
        file.live(childOnCard(file), Shop.CARE, MOST);
        file.later(() -> file.post(
                "finance",
                "/people/" + file.personId() + "/correction",
                "name",
                "Bea Example-Sample",
                "reason",
                "Misheard at the first visit"));
    }
}

package uk.directpayments.ledger.report;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountRegister.State;
import uk.directpayments.ledger.account.AccountSettlements;
import uk.directpayments.ledger.account.AccountSettlements.Liability;
import uk.directpayments.ledger.account.AccountSettlements.Receipt;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Kind;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/**
 * {@code GET /accounts/{accountId}/final-account.pdf}: all that was ever paid in, spent, owed and returned, down to what is left: nothing, when the
 * account is closed, though a refund can still come in later. Before that it says that it is a draft. Rulebook 4.15, 4.16.
 */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/final-account.pdf")
class FinalAccountPdf {

    private final AccountRegister accounts;
    private final AccountTransactions transactions;
    private final AccountBalances balances;
    private final AccountSettlements settlements;
    private final AccountAccess access;
    private final DocumentNames names;
    private final Sealing sealing;
    private final DocumentPdf pdf;

    FinalAccountPdf(
            AccountRegister accounts,
            AccountTransactions transactions,
            AccountBalances balances,
            AccountSettlements settlements,
            AccountAccess access,
            DocumentNames names,
            Sealing sealing,
            DocumentPdf pdf) {
        this.accounts = accounts;
        this.transactions = transactions;
        this.balances = balances;
        this.settlements = settlements;
        this.access = access;
        this.names = names;
        this.sealing = sealing;
        this.pdf = pdf;
    }

    @GetMapping
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PDF_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<StreamingResponseBody> finalAccount(@PathVariable String accountId, View view, Actor actor) {
        View pinned = accounts.pinned(view);
        AccountRegister.Entry account = access.seen(accountId, pinned, actor);
        pdf.requireReadable(account.personId());
        return pdf.answer(document(account, pinned), "final-account-" + accountId, pinned);
    }

    private Document document(AccountRegister.Entry account, View view) {
        LocalDate day = view.asOf();
        boolean closed = account.stateOn(day) == State.CLOSED;
        Optional<AccountSettlements.Entry> settlement = settlements.of(account.accountId(), view);
        String person = names.person(account.personId());
        Document document = new Document(
                        closed ? "Final account of a direct payment" : "Draft of the final account of a direct payment")
                .facts(
                        "To",
                        names.recipient(account.budgetId(), view),
                        "Direct payment of",
                        person,
                        "Account",
                        account.accountId(),
                        "Opened",
                        Document.day(account.openedOn()),
                        closed ? "Closed" : "As at the end of",
                        Document.day(closed && account.closedOn() != null ? account.closedOn() : day));
        if (!closed) {
            document.notice("This account has not been closed yet, so these figures can still change.");
        }
        LocalDate died = account.diedOn();
        if (died != null && !died.isAfter(day)) {
            document.paragraph("The direct payment ended with the death of " + person + " on " + Document.day(died)
                    + ". The money in the account is the council’s: it is not part of what " + person
                    + " left, and cannot pay for a funeral. What was owed to people who worked for " + person
                    + ", and other bills from before that day, is paid first. The rest goes back to the council.");
        }
        String whose = names.isToRepresentatives(account.budgetId(), view) ? person + "’s" : "your";
        Money left = moved(document, account.accountId(), whose, settlement, view);
        owed(document, account.personId(), settlement, day);
        next(document, closed, left, whose, settlement, day);
        return document;
    }

    // ── what moved ───────────────────────────────────────────────────────────────────────────────────────────────

    /**
     * @param whose own money the contributions were
     * @return what is left
     */
    private Money moved(
            Document document,
            String accountId,
            String whose,
            Optional<AccountSettlements.Entry> settlement,
            View view) {
        Map<Kind, Money> totals = transactions.totals(accountId, view);
        Money left = balances.of(accountId, view).total();
        if (!left.equals(totals.values().stream().reduce(Money.ZERO, Money::plus))) {
            throw new RuleBroken("FIGURE_UNAVAILABLE", "The account does not add up at present.");
        }
        Money ofClient = returnedToClient(settlement, view.asOf());
        Document.Table table =
                document.heading("What was paid in, and where it went").table(1, "What", "Amount");
        line(table, "Paid in by the council", totals.get(Kind.PAYMENT));
        line(table, "Of that, sent back by the bank", totals.get(Kind.PAYMENT_RETURN));
        line(table, "Paid in from " + whose + " own money (contributions)", totals.get(Kind.CONTRIBUTION));
        line(table, "Paid in as top-ups", totals.get(Kind.TOP_UP));
        line(table, "Spent", totals.get(Kind.EXPENDITURE));
        line(table, "Spending that was recorded by mistake, taken out again", totals.get(Kind.REVERSAL));
        line(table, "Refunds of what was spent", totals.get(Kind.REFUND));
        Money recovered = totals.get(Kind.RECOVERY);
        line(table, "Returned to the council", recovered == null ? null : recovered.plus(ofClient));
        line(
                table,
                (whose.equals("your") ? "Returned to you, of " : "Returned of ") + whose + " own money",
                ofClient.negated());
        line(table, "Written off by the council", totals.get(Kind.WRITE_OFF));
        table.row("Left in the account", Document.pounds(left)).end();
        return left;
    }

    private static void line(Document.Table table, String words, @Nullable Money amount) {
        if (amount != null && !amount.isZero()) {
            table.row(words, Document.pounds(amount));
        }
    }

    private static Money returnedToClient(Optional<AccountSettlements.Entry> settlement, LocalDate day) {
        return settlement.stream()
                .flatMap(of -> of.recoveries().stream())
                .flatMap(recovery -> recovery.receipts().stream())
                .filter(receipt -> !receipt.writtenOff() && !receipt.on().isAfter(day))
                .map(Receipt::ofClient)
                .reduce(Money.ZERO, Money::plus);
    }

    // ── what is owed ─────────────────────────────────────────────────────────────────────────────────────────────

    private void owed(
            Document document, String personId, Optional<AccountSettlements.Entry> settlement, LocalDate day) {
        document.heading("Bills that are still to be paid from the account");
        List<Liability> owed = settlement.map(of -> of.liabilitiesOn(day)).orElse(List.of());
        if (owed.isEmpty()) {
            document.paragraph("None.");
            return;
        }
        Document.Table table = document.table(1, "What for", "To", "By", "Amount");
        owed.forEach(bill -> table.row(
                bill.kind(),
                sealing.open(personId, bill.payee()),
                Document.day(bill.due()),
                Document.pounds(bill.amount())));
        table.row(
                        "Together",
                        "",
                        "",
                        Document.pounds(owed.stream().map(Liability::amount).reduce(Money.ZERO, Money::plus)))
                .end();
    }

    private void next(
            Document document,
            boolean closed,
            Money left,
            String whose,
            Optional<AccountSettlements.Entry> settlement,
            LocalDate day) {
        document.heading("What happens next");
        Money asked = closed
                ? Money.ZERO
                : settlement.stream()
                        .flatMap(of -> of.recoveries().stream())
                        .filter(recovery -> recovery.stateOn(day) == AccountSettlements.RecoveryState.APPROVED)
                        .map(recovery -> recovery.outstanding(day))
                        .reduce(Money.ZERO, Money::plus);
        if (asked.isPositive()) {
            document.paragraph("We have asked for " + Document.pounds(asked) + " to be returned, and wait for it.");
        }
        document.paragraph(closed ? closedWith(left) : openWith(left, whose));
    }

    private String closedWith(Money left) {
        if (left.isZero()) {
            return "Nothing is left in the account, and it is closed. You need do nothing more. Please keep this paper.";
        }
        return "The account is closed, but "
                + (left.isNegative()
                        ? "more" + overspent()
                        : Document.pounds(left) + " is still in it. Please do not spend it: ask " + pdf.contact()
                                + " how to return it.");
    }

    private String openWith(Money left, String whose) {
        if (left.isZero()) {
            return "Nothing is left in the account. It is closed once every question about its spending is settled.";
        }
        return left.isNegative()
                ? "More" + overspent()
                : "Any bills are paid first. What is then left is returned: the council’s money to the council, and "
                        + whose
                        + " own money to you. The account is closed when nothing is left, and you get the final account.";
    }

    private String overspent() {
        return " was spent than was paid in. Ask " + pdf.contact()
                + " what happens about that before you pay anything.";
    }
}

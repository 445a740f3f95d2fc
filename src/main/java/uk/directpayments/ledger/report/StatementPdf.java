package uk.directpayments.ledger.report;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code GET /accounts/{accountId}/statement.pdf}: an account's transactions of a period, on paper, in plain English. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/statement.pdf")
class StatementPdf {

    /** The most transactions of one statement: some 250 pages. */
    private static final int MOST = 10_000;

    private final AccountRegister accounts;
    private final AccountTransactions transactions;
    private final AccountBalances balances;
    private final AccountAccess access;
    private final PersonDirectory people;
    private final Sealing sealing;
    private final DocumentPdf pdf;

    StatementPdf(
            AccountRegister accounts,
            AccountTransactions transactions,
            AccountBalances balances,
            AccountAccess access,
            PersonDirectory people,
            Sealing sealing,
            DocumentPdf pdf) {
        this.accounts = accounts;
        this.transactions = transactions;
        this.balances = balances;
        this.access = access;
        this.people = people;
        this.sealing = sealing;
        this.pdf = pdf;
    }

    /** From the account's opening, and to the view's day, unless said otherwise. */
    @GetMapping
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PDF_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<StreamingResponseBody> statement(
            @PathVariable String accountId,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            View view,
            Actor actor) {
        View pinned = accounts.pinned(view);
        AccountRegister.Entry account = access.seen(accountId, pinned, actor);
        pdf.requireReadable(account.personId());
        LocalDate last = view.lastDay(from, to);
        LocalDate first = from == null ? BusinessDay.earlier(account.openedOn(), last) : from;
        List<Transaction> rows = rows(accountId, first, last, pinned);
        Money before = balances.of(accountId, pinned.asOf(first.minusDays(1))).total();
        Money after = balances.of(accountId, pinned.asOf(last)).total();
        return pdf.answer(document(account, first, last, before, after, rows), "statement-" + accountId, pinned);
    }

    private List<Transaction> rows(String accountId, LocalDate from, LocalDate to, View view) {
        List<Transaction> rows = new ArrayList<>();
        Pages.<Transaction, AccountTransactions.Place>each(
                after -> transactions.list(accountId, from, to, after, Pages.SIZE, view), Transaction::place, page -> {
                    rows.addAll(page);
                    if (rows.size() > MOST) {
                        throw new RuleBroken(
                                "TOO_LARGE",
                                "A statement holds at most " + MOST + " transactions: name a shorter period.",
                                "from");
                    }
                });
        return rows;
    }

    private Document document(
            AccountRegister.Entry account,
            LocalDate from,
            LocalDate to,
            Money before,
            Money after,
            List<Transaction> rows) {
        String name = people.find(account.personId(), View.now(to))
                .map(person -> sealing.open(account.personId(), person.name()))
                .orElse("");
        Document document = new Document("Statement of direct payment account")
                .facts(
                        "Direct payment of", name,
                        "Account", account.accountId(),
                        "From", Document.day(from),
                        "To", Document.day(to),
                        "In the account at the start", Document.pounds(before),
                        "In the account at the end", Document.pounds(after));
        if (rows.isEmpty()) {
            return document.paragraph("Nothing was paid in or out in this time.");
        }
        Document.Table table =
                document.heading("What was paid in and out").table(2, "Date", "What", "Amount", "Balance");
        for (Transaction row : rows) {
            String payee = sealing.openIfGiven(account.personId(), row.payee());
            table.row(
                    Document.day(row.on()),
                    what(row)
                            + (payee == null ? "" : ": " + payee)
                            + (row.category() == null ? "" : " (" + row.category() + ")"),
                    Document.pounds(row.amount()),
                    Document.pounds(row.balanceAfter()));
        }
        return table.end();
    }

    private static String what(Transaction row) {
        return switch (row.kind()) {
            case PAYMENT -> "Payment from the council";
            case PAYMENT_RETURN -> "Payment returned by the bank";
            case TOP_UP -> "Top-up";
            case CONTRIBUTION -> "Your contribution";
            case EXPENDITURE -> "Paid out";
            case REVERSAL -> "Correction of a payment out";
            case REFUND -> "Refund";
            case RECOVERY -> "Taken back by the council";
            case WRITE_OFF -> "Written off by the council";
        };
    }
}

package uk.directpayments.ledger.report;

import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.util.HtmlUtils;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** {@code GET /accounts/{accountId}/statement.pdf}: an account's transactions of a period, on paper, in plain English. */
@RestController
@RequestMapping("/api/v1/accounts/{accountId}/statement.pdf")
class StatementPdf {

    /** The most transactions of one statement: some 250 pages. */
    private static final int MOST = 10_000;

    private static final int PAGE = 500;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.UK);

    private final AccountRegister accounts;
    private final AccountTransactions transactions;
    private final AccountBalances balances;
    private final AccountAccess access;
    private final PersonDirectory people;
    private final Sealing sealing;

    StatementPdf(
            AccountRegister accounts,
            AccountTransactions transactions,
            AccountBalances balances,
            AccountAccess access,
            PersonDirectory people,
            Sealing sealing) {
        this.accounts = accounts;
        this.transactions = transactions;
        this.balances = balances;
        this.access = access;
        this.people = people;
        this.sealing = sealing;
    }

    /** From the account's opening, and to the view's day, unless said otherwise. */
    @GetMapping
    ResponseEntity<StreamingResponseBody> statement(
            @PathVariable String accountId,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            View view,
            Actor actor) {
        View pinned = accounts.pinned(view);
        if (!access.exists(accountId, pinned, actor)) {
            throw new RuleBroken("ACCOUNT_NOT_FOUND", "There is no such account.");
        }
        AccountRegister.Entry account = accounts.find(accountId, pinned)
                .map(AccountRegister.Seen::entry)
                .orElseThrow(() -> new RuleBroken("ACCOUNT_NOT_FOUND", "There is no such account."));
        LocalDate first = from == null ? account.openedOn() : from;
        LocalDate last = to == null || to.isAfter(view.asOf()) ? view.asOf() : to;
        List<Transaction> rows = rows(accountId, first, last, pinned);
        Money before = balances.of(accountId, pinned.asOf(first.minusDays(1))).total();
        Money after = balances.of(accountId, pinned.asOf(last)).total();
        String html = html(account, first, last, before, after, rows);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_PDF)
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"statement-" + accountId + ".pdf\"")
                .body(out -> write(html, out));
    }

    private List<Transaction> rows(String accountId, LocalDate from, LocalDate to, View view) {
        List<Transaction> rows = new ArrayList<>();
        AccountTransactions.Place after = null;
        List<Transaction> page;
        do {
            page = transactions.list(accountId, from, to, after, PAGE, view);
            rows.addAll(page);
            if (rows.size() > MOST) {
                throw new RuleBroken(
                        "TOO_LARGE",
                        "A statement holds at most " + MOST + " transactions: name a shorter period.",
                        "from");
            }
            after = page.isEmpty() ? after : page.get(page.size() - 1).place();
        } while (page.size() == PAGE);
        return rows;
    }

    private String html(
            AccountRegister.Entry account,
            LocalDate from,
            LocalDate to,
            Money before,
            Money after,
            List<Transaction> rows) {
        String name = people.find(account.personId(), View.now(to))
                .map(person -> sealing.open(account.personId(), person.name()))
                .orElse("");
        StringBuilder html = new StringBuilder(4_096 + rows.size() * 200);
        html.append("""
                <html lang="en"><head><title>Statement of direct payment account</title><style>
                @page { size: A4; margin: 20mm 18mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt Helvetica; } }
                body { font: 10.5pt Helvetica; color: #0b0c0c; } h1 { font-size: 18pt; } td, th { padding: 3pt 6pt 3pt 0; text-align: left;
                vertical-align: top; } table { border-collapse: collapse; width: 100%; -fs-table-paginate: paginate; } thead { display: table-header-group; }
                tr { border-bottom: 0.5pt solid #b1b4b6; page-break-inside: avoid; } .money { text-align: right; white-space: nowrap; }
                </style></head><body>""");
        html.append("<h1>Statement of direct payment account</h1><p>")
                .append(text(name))
                .append("<br/>Account ")
                .append(text(account.accountId()))
                .append("<br/>")
                .append(from.format(DAY))
                .append(" to ")
                .append(to.format(DAY))
                .append("</p><p>At the start there was <strong>")
                .append(pounds(before))
                .append("</strong> in the account, at the end <strong>")
                .append(pounds(after))
                .append("</strong>.</p><table><thead><tr><th>Date</th><th>What</th><th class=\"money\">Amount</th>")
                .append("<th class=\"money\">Balance</th></tr></thead><tbody>");
        for (Transaction row : rows) {
            String payee = sealing.openIfGiven(account.personId(), row.payee());
            html.append("<tr><td>")
                    .append(row.on().format(DAY))
                    .append("</td><td>")
                    .append(what(row))
                    .append(payee == null ? "" : ": " + text(payee))
                    .append(row.category() == null ? "" : " (" + text(row.category()) + ")")
                    .append("</td><td class=\"money\">")
                    .append(pounds(row.amount()))
                    .append("</td><td class=\"money\">")
                    .append(pounds(row.balanceAfter()))
                    .append("</td></tr>");
        }
        return html.append(
                        "</tbody></table><p>If something here is not right, tell the council's direct payments team.</p></body></html>")
                .toString();
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

    private static String pounds(Money amount) {
        return amount.isNegative() ? "-\u00a3" + amount.negated() : "\u00a3" + amount;
    }

    private static String text(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static void write(String html, OutputStream out) throws IOException {
        PdfRendererBuilder pdf = new PdfRendererBuilder();
        pdf.useFastMode();
        pdf.withHtmlContent(html, null);
        pdf.toStream(out);
        pdf.run();
    }
}

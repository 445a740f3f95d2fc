package uk.directpayments.ledger.report;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
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
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.ReadSubjects;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Reasons;
import uk.directpayments.ledger.spending.FlagEvent.Ground;
import uk.directpayments.ledger.spending.FlagState;
import uk.directpayments.ledger.spending.FlaggedSpending;
import uk.directpayments.ledger.spending.FlaggedSpending.Flagged;

/**
 * {@code GET /flags/{flagId}/evidence-request.pdf} and {@code …/repayment-request.pdf}: what somebody is asked for because of their spending, until
 * when, and what they can do about it. Rulebook 1.5 (regulation 13), 3.8, 3.9, 7.4.
 */
@RestController
@RequestMapping("/api/v1/flags/{flagId}")
class FlagDocuments {

    private final FlaggedSpending flags;
    private final Letters letters;
    private final AccountAccess access;
    private final AccountRegister accounts;
    private final AccountTransactions transactions;
    private final DocumentNames names;
    private final Sealing sealing;
    private final DocumentPdf pdf;

    FlagDocuments(
            FlaggedSpending flags,
            Letters letters,
            AccountAccess access,
            AccountRegister accounts,
            AccountTransactions transactions,
            DocumentNames names,
            Sealing sealing,
            DocumentPdf pdf) {
        this.flags = flags;
        this.letters = letters;
        this.access = access;
        this.accounts = accounts;
        this.transactions = transactions;
        this.names = names;
        this.sealing = sealing;
        this.pdf = pdf;
    }

    /** What a document about a flag is made of, all as at one position. */
    private record Case(
            Flagged flag,
            AccountRegister.Entry account,
            Optional<Transaction> transaction,
            Letters.Written written,
            View view) {}

    @GetMapping("/evidence-request.pdf")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PDF_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<StreamingResponseBody> evidence(@PathVariable String flagId, View view, Actor actor) {
        Case of = read(flagId, view, actor);
        Letters.EvidenceRequest asked = of.written.evidence();
        if (asked == null) {
            throw new RuleBroken("EVIDENCE_REQUEST_NOT_FOUND", "No evidence has been asked for about this flag.");
        }
        return pdf.answer(evidence(of, asked), "evidence-request-" + flagId, of.view);
    }

    @GetMapping("/repayment-request.pdf")
    @ApiResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PDF_VALUE,
                            schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<StreamingResponseBody> repayment(@PathVariable String flagId, View view, Actor actor) {
        Case of = read(flagId, view, actor);
        Letters.RepaymentRequest asked = of.written.repayment();
        Letters.Upholding upholding = of.written.upholding();
        if (asked == null || upholding == null) {
            throw new RuleBroken(
                    "REPAYMENT_REQUEST_NOT_FOUND", "No repayment has been asked for because of this flag.");
        }
        return pdf.answer(repayment(of, asked, upholding), "repayment-request-" + flagId, of.view);
    }

    private Case read(String flagId, View view, Actor actor) {
        View pinned = accounts.pinned(view);
        Flagged flag = flags.find(flagId, account -> access.sees(actor, account, view.asOf()), pinned)
                .orElseThrow(() -> new RuleBroken("FLAG_NOT_FOUND", "There is no such flag."));
        AccountRegister.Entry account = accounts.find(flag.accountId(), pinned)
                .map(AccountRegister.Seen::entry)
                .orElseThrow(() -> new RuleBroken("FLAG_NOT_FOUND", "There is no such flag."));
        pdf.requireReadable(flag.personId());
        ReadSubjects.concerns(flag.personId(), flag.accountId());
        Optional<Transaction> transaction = Optional.ofNullable(flag.transactionId())
                .flatMap(id -> transactions.find(flag.accountId(), id, pinned));
        return new Case(flag, account, transaction, letters.ofFlag(flagId, flag.personId(), pinned), pinned);
    }

    // ── asking for evidence ──────────────────────────────────────────────────────────────────────────────────────

    private Document evidence(Case of, Letters.EvidenceRequest asked) {
        Document document = new Document("Please show us what this money was spent on")
                .facts(
                        "To", names.recipient(of.account.budgetId(), of.view),
                        "About the direct payment of", names.person(of.flag.personId()),
                        "Account", of.account.accountId(),
                        "Date", Document.day(asked.on()),
                        "Our reference", reference(asked, of.flag));
        if (of.flag.state() != FlagState.EVIDENCE_REQUESTED) {
            document.notice("This is a copy. " + since(of.flag.state()));
        }
        spending(document, of)
                .paragraph("We ask because of this: " + Reasons.words(of.flag.reason())
                        + " A question is not an accusation: it may well be" + " that everything is in order.")
                .heading("What we need from you")
                .paragraph("Please send us, by " + Document.day(asked.due()) + ", what shows what was bought and why:")
                .bullets(
                        "a receipt or an invoice;",
                        "if you have none, a few words about what was bought, from whom and for whom;",
                        "if the plan or the council agreed to it, a copy of that.")
                .paragraph(
                        "Send it to " + pdf.contact() + ". If somebody manages the account for you, they can send it.")
                .heading("What happens next")
                .paragraph("Somebody looks at what you send and tells you what they decide. If we hear nothing by "
                        + Document.day(asked.due())
                        + ", we decide without it, and may ask for the money back. If you need more"
                        + " time or help, tell us before that day.");
        return document;
    }

    private String reference(Letters.EvidenceRequest asked, Flagged flag) {
        String letter = sealing.openIfGiven(flag.personId(), asked.letter());
        String given = letter == null ? asked.letterRef() : letter;
        return given == null ? flag.flagId() : given;
    }

    // ── asking for the money back ────────────────────────────────────────────────────────────────────────────────

    private Document repayment(Case of, Letters.RepaymentRequest asked, Letters.Upholding upholding) {
        String personId = of.flag.personId();
        Document document = new Document("Please pay back " + Document.pounds(asked.amount()))
                .facts(
                        "To", sealing.open(personId, asked.debtor()),
                        "About the direct payment of", names.person(personId),
                        "Account", of.account.accountId(),
                        "Date", Document.day(asked.on()),
                        "To be paid back", Document.pounds(asked.amount()),
                        "By", Document.day(asked.due()),
                        "Our reference", of.flag.flagId());
        if (of.flag.state() != FlagState.REPAYMENT_REQUESTED) {
            document.notice("This is a copy. " + since(of.flag.state()));
        }
        spending(document, of)
                .heading("Why we ask for it back")
                .paragraph("On " + Document.day(upholding.on()) + " we decided that "
                        + Document.pounds(upholding.amount())
                        + " of this was not used as a direct payment may be used: " + ground(upholding.ground()))
                .paragraph(sealing.open(personId, upholding.reason()))
                .heading("How to pay it back")
                .paragraph("Please pay " + Document.pounds(asked.amount()) + " by " + Document.day(asked.due())
                        + ", and give our reference. Ask " + pdf.contact()
                        + " how to pay. Do not pay it from the direct payment"
                        + " account. If you cannot pay it all at once, tell us before that day: we can agree on parts, or keep it"
                        + " back from later payments.");
        ReviewRights.ofRepayment(document, of.account.legalBasis(), of.written.reopened(), pdf.contact());
        return document;
    }

    private static String ground(Ground ground) {
        return switch (ground) {
            case OFF_PLAN -> "it was for something that the care or support plan does not include.";
            case CONDITION_BREACH -> "a condition of the direct payment was not kept.";
            case PROHIBITED -> "it was for something that a direct payment may never be spent on.";
            case RELATIVE -> "it was paid to a close relative without the council’s agreement.";
            case LIMIT -> "it paid for more residential care than the law lets a direct payment pay for.";
        };
    }

    // ── of both ──────────────────────────────────────────────────────────────────────────────────────────────────

    private Document spending(Document document, Case of) {
        document.heading("What this is about");
        if (of.transaction.isEmpty()) {
            return document.facts("Day", Document.day(of.flag.on()));
        }
        Transaction spent = of.transaction.get();
        String payee = sealing.openIfGiven(of.flag.personId(), spent.payee());
        return document.facts(
                "Day", Document.day(spent.on()),
                "Paid to", payee == null ? "" : payee,
                "Amount",
                        Document.pounds(
                                spent.amount().isNegative() ? spent.amount().negated() : spent.amount()),
                "In question", Document.pounds(of.flag.amount()));
    }

    private static String since(@Nullable FlagState state) {
        return switch (state == null ? FlagState.RAISED : state) {
            case RAISED, EVIDENCE_REQUESTED -> "The question is still open.";
            case EVIDENCE_RECEIVED -> "We have received something from you since, and are looking at it.";
            case UPHELD, REPAYMENT_REQUESTED -> "We have decided about it since.";
            case DISMISSED, WITHDRAWN -> "It has been settled since: you need do nothing more.";
            case REPAID -> "The money has been paid back since: you need do nothing more.";
            case RECOVERED_FROM_FUTURE_PAYMENTS ->
                "The money has been kept back from later payments since: you need do nothing more.";
            case WRITTEN_OFF -> "We have given up asking for the rest of the money since: you need do nothing more.";
            case REFERRED_FRAUD -> "It is being looked at further.";
        };
    }
}

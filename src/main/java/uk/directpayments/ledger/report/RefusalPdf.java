package uk.directpayments.ledger.report;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetRegister;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/**
 * {@code GET /budgets/{budgetId}/refusal.pdf}: that a budget was refused, why, and what one can do about it. Rulebook 1.5 (regulation 7), 1.6, 7.1.
 * A refused budget has no account, so no support organisation has anything to do with it.
 */
@RestController
@RequestMapping("/api/v1/budgets/{budgetId}/refusal.pdf")
class RefusalPdf {

    private final BudgetRegister budgets;
    private final Letters letters;
    private final DocumentNames names;
    private final Sealing sealing;
    private final DocumentPdf pdf;

    RefusalPdf(BudgetRegister budgets, Letters letters, DocumentNames names, Sealing sealing, DocumentPdf pdf) {
        this.budgets = budgets;
        this.letters = letters;
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
    ResponseEntity<StreamingResponseBody> refusal(@PathVariable String budgetId, View view) {
        View pinned = budgets.pinned(view);
        BudgetEntry budget = budgets.find(budgetId, pinned)
                .orElseThrow(() -> new RuleBroken("BUDGET_NOT_FOUND", "There is no such budget."));
        Letters.Refusal refusal = letters.refusal(budgetId, budget.personId(), pinned)
                .orElseThrow(() -> new RuleBroken("REFUSAL_NOT_FOUND", "This budget has not been refused."));
        pdf.requireReadable(budget.personId());
        return pdf.answer(document(budget, refusal), "refusal-" + budgetId, pinned);
    }

    private Document document(BudgetEntry budget, Letters.Refusal refusal) {
        String personId = budget.personId();
        String asked = sealing.openIfGiven(personId, budget.request().requestedBy());
        Document document = new Document("We have decided not to give a personal budget")
                .facts(
                        "To", asked == null ? names.person(personId) : asked,
                        "About", names.person(personId),
                        "Your request of", Document.day(budget.request().requestedOn()),
                        "Our decision of", Document.day(refusal.on()),
                        "Our reference", budget.budgetId())
                .paragraph(
                        "You asked for a personal budget, which can be paid to you as a direct payment. We have looked at your"
                                + " request with care, and we have decided not to give one. This paper tells you why, and what you can do.")
                .heading("Why we decided this")
                .paragraph(sealing.open(personId, refusal.reasons()));
        ReviewRights.ofRefusal(document, budget.request().legalBasis(), pdf.contact());
        if (refusal.reviewRightNotifiedOn() != null) {
            document.paragraph("We first told you about your right to a review on "
                    + Document.day(refusal.reviewRightNotifiedOn()) + ".");
        }
        return document;
    }
}
